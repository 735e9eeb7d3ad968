//! Every list of codes. A code, once released, keeps its meaning forever; new ones go to the end of their list.

/// Which list a code belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum List {
    /// Whether it is meant in earnest (CAP `status`).
    Status,
    /// A first alert, or what became of one (CAP `msgType`).
    MsgType,
    /// How soon to act (CAP `urgency`).
    Urgency,
    /// How grave it is (CAP `severity`).
    Severity,
    /// How sure it is (CAP `certainty`).
    Certainty,
    /// Whether somebody checked the sighting.
    VerificationState,
    /// How the sighting was checked.
    Method,
    /// What responders are asked to do.
    Ask,
    /// How a canceled alert ended.
    Outcome,
    /// What happens.
    Kind,
    /// What was being done.
    Activity,
    /// What sort of place it is.
    PlaceType,
    /// Whose people they are.
    Agency,
    /// What police did there.
    PoliceRole,
    /// How people were treated.
    Conduct,
    /// How a report came about.
    Source,
    /// How complete a report is.
    Strength,
    /// What a responder answers.
    Answer,
    /// Why somebody cannot come.
    Reason,
    /// What a responder can do.
    Role,
}

/// A code that every list understands: nobody knows, or nobody said.
pub const UNKNOWN: &str = "unknown";

/// Codes of [`List::Status`].
pub const STATUSES: &[&str] = &["actual", "exercise", "test"];
/// Codes of [`List::MsgType`].
pub const MSG_TYPES: &[&str] = &["alert", "update", "cancel", "correction"];
/// Codes of [`List::Urgency`].
pub const URGENCIES: &[&str] = &["immediate", "expected", "future", "past", UNKNOWN];
/// Codes of [`List::Severity`].
pub const SEVERITIES: &[&str] = &["extreme", "severe", "moderate", "minor", UNKNOWN];
/// Codes of [`List::Certainty`].
pub const CERTAINTIES: &[&str] = &["observed", "likely", "possible", "unlikely", UNKNOWN];
/// Codes of [`List::VerificationState`].
pub const VERIFICATION_STATES: &[&str] =
    &["verified", "corroborated", "unverified", "not-found", "false-alarm", "withdrawn"];
/// Codes of [`List::Method`].
pub const METHODS: &[&str] = &["on-site", "photo", "two-reports", "call-back", "trusted-reporter", "official"];
/// Codes of [`List::Ask`].
pub const ASKS: &[&str] =
    &["observe", "verify", "standby", "support", "stay-in", "leave", "avoid", "monitor", "all-clear", "none"];
/// Codes of [`List::Outcome`].
pub const OUTCOMES: &[&str] = &[
    "resolved",
    "agents-left",
    "person-detained",
    "person-released",
    "not-enforcement",
    "never-found",
    "handed-off",
    "other",
];
/// Codes of [`List::Kind`].
pub const KINDS: &[&str] = &[
    "enforcement.raid",
    "enforcement.checkpoint",
    "enforcement.public-place",
    "enforcement.targeted",
    "enforcement.traffic-stop",
    "enforcement.workplace",
    "enforcement.home",
    "enforcement.courthouse",
    "enforcement.probation",
    "enforcement.jail-transfer",
    "enforcement.custody-request",
    "enforcement.transit",
    "enforcement.joint-operation",
    "enforcement.other",
    "support.release",
    "support.family",
    "support.ride",
    "support.supplies",
    "support.housing",
    "support.court-accompaniment",
    "support.interpretation",
    "support.medical",
    "support.other",
    "community.fire",
    "community.flood",
    "community.storm",
    "community.heat",
    "community.power",
    "community.missing-person",
    "community.hate-incident",
    "community.medical",
    "community.other",
    "network.notice",
    "network.training",
    "network.drill",
    "network.call-to-action",
    "network.other",
    "rumor.debunk",
];
/// Codes of [`List::Activity`].
pub const ACTIVITIES: &[&str] = &[
    "waiting",
    "knocking",
    "questioning",
    "detaining",
    "loading",
    "stopping-vehicles",
    "searching",
    "leaving",
    "other",
    UNKNOWN,
];
/// Codes of [`List::PlaceType`].
pub const PLACE_TYPES: &[&str] = &[
    "home",
    "workplace",
    "school",
    "childcare",
    "hospital-clinic",
    "place-of-worship",
    "courthouse",
    "jail",
    "probation-office",
    "dmv",
    "street",
    "roadside",
    "transit",
    "bus-station",
    "airport",
    "store-market",
    "shelter",
    "detention-site",
    "agency-office",
    "park",
    "other",
    UNKNOWN,
];
/// Codes of [`List::Agency`].
pub const AGENCIES: &[&str] = &[
    "ice-ero",
    "hsi",
    "cbp",
    "fbi-dea",
    "other-federal",
    "local-police",
    "sheriff",
    "state-police",
    "probation",
    "jail-staff",
    "private-security",
    "not-enforcement",
    UNKNOWN,
];
/// Codes of [`List::PoliceRole`].
pub const POLICE_ROLES: &[&str] =
    &["supporting-raid", "checkpoint", "called-agents-to-stop", "holding-for-agents", "escort", "none-seen", UNKNOWN];
/// Codes of [`List::Conduct`].
pub const CONDUCTS: &[&str] = &[
    "entry-without-warrant-shown",
    "judicial-warrant-shown",
    "admin-warrant-shown",
    "no-document-shown",
    "posed-as-police",
    "force-used",
    "injury",
    "threats",
    "recording-prevented",
    "bystander-arrest",
    "no-identification-given",
    "other",
];
/// Codes of [`List::Source`].
pub const SOURCES: &[&str] = &["own-eyes", "relayed", "hotline-call", "sms", "web-form", "partner-network"];
/// Codes of [`List::Strength`].
pub const STRENGTHS: &[&str] = &["weak", "some", "strong"];
/// Codes of [`List::Answer`].
pub const ANSWERS: &[&str] = &["received", "seen", "going", "on-scene", "standby", "cannot", "leaving", "safe", "help"];
/// Codes of [`List::Reason`].
pub const REASONS: &[&str] =
    &["busy", "too-far", "unsafe-for-me", "no-transport", "health", "off-duty", "rather-not-say"];
/// Codes of [`List::Role`].
pub const ROLES: &[&str] = &[
    "observer",
    "verifier",
    "note-taker",
    "interpreter",
    "attorney",
    "legal-support",
    "medic",
    "driver",
    "family-liaison",
    "childcare",
    "accompaniment",
    "supplies",
    "host",
    "dispatcher",
    "de-escalation",
    "media",
];

/// Whether this version has words for the code. [`UNKNOWN`] is known to every list.
#[must_use]
pub fn is_known(list: List, code: impl AsRef<str>) -> bool {
    let code = code.as_ref();
    code == UNKNOWN || list.codes().contains(&code)
}

impl List {
    /// Every list.
    pub const ALL: &[Self] = &[
        Self::Status,
        Self::MsgType,
        Self::Urgency,
        Self::Severity,
        Self::Certainty,
        Self::VerificationState,
        Self::Method,
        Self::Ask,
        Self::Outcome,
        Self::Kind,
        Self::Activity,
        Self::PlaceType,
        Self::Agency,
        Self::PoliceRole,
        Self::Conduct,
        Self::Source,
        Self::Strength,
        Self::Answer,
        Self::Reason,
        Self::Role,
    ];

    /// The codes that this version knows, in the order in which to offer them.
    #[must_use]
    pub const fn codes(self) -> &'static [&'static str] {
        match self {
            Self::Status => STATUSES,
            Self::MsgType => MSG_TYPES,
            Self::Urgency => URGENCIES,
            Self::Severity => SEVERITIES,
            Self::Certainty => CERTAINTIES,
            Self::VerificationState => VERIFICATION_STATES,
            Self::Method => METHODS,
            Self::Ask => ASKS,
            Self::Outcome => OUTCOMES,
            Self::Kind => KINDS,
            Self::Activity => ACTIVITIES,
            Self::PlaceType => PLACE_TYPES,
            Self::Agency => AGENCIES,
            Self::PoliceRole => POLICE_ROLES,
            Self::Conduct => CONDUCTS,
            Self::Source => SOURCES,
            Self::Strength => STRENGTHS,
            Self::Answer => ANSWERS,
            Self::Reason => REASONS,
            Self::Role => ROLES,
        }
    }

    /// What one code of the list is called in an error: `not a known …`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Status => "status",
            Self::MsgType => "msg-type",
            Self::Urgency => "urgency",
            Self::Severity => "severity",
            Self::Certainty => "certainty",
            Self::VerificationState => "verification state",
            Self::Method => "method",
            Self::Ask => "ask",
            Self::Outcome => "outcome",
            Self::Kind => "kind",
            Self::Activity => "activity",
            Self::PlaceType => "place type",
            Self::Agency => "agency",
            Self::PoliceRole => "police role",
            Self::Conduct => "conduct",
            Self::Source => "source",
            Self::Strength => "strength",
            Self::Answer => "answer",
            Self::Reason => "reason",
            Self::Role => "role",
        }
    }

    /// At most three codes that somebody who typed `text` may have meant, the nearest first.
    #[must_use]
    pub fn nearest(self, text: &str) -> Vec<&'static str> {
        self.nearest_called(text, |_| vec![])
    }

    /// The same where people call the codes something else as well: `called` has the words for each, as they are typed.
    #[must_use]
    pub fn nearest_called(self, text: &str, called: impl Fn(&'static str) -> Vec<String>) -> Vec<&'static str> {
        let text = text.to_ascii_lowercase().replace([' ', '_'], "-");
        let text: String = text.chars().take(super::limit::CODE_BYTES).collect();
        let mut found: Vec<(usize, &'static str)> = Vec::new();
        for &code in self.codes() {
            let last = code.rsplit('.').next().unwrap_or(code);
            let typed = text.rsplit('.').next().unwrap_or(&text);
            // Somebody who types `checkpoint` or `community.checkpoint` means the code that ends so.
            let away = if typed == last { 0 } else { distance(&text, code).min(distance(&text, last)) };
            let words = called(code).into_iter().map(|word| (distance(&text, &word.replace(' ', "-")), word.len()));
            let near = |(away, length): &(usize, usize)| *away <= 1 + (*length).min(text.len()) / 4;
            let away = std::iter::once((away, code.len())).chain(words).filter(near).map(|(away, _)| away).min();
            found.extend(away.map(|away| (away, code)));
        }
        found.sort_by_key(|(away, _)| *away);
        found.into_iter().map(|(_, code)| code).take(3).collect()
    }
    /// What to say to somebody who typed something else: the nearest codes, or all of them.
    #[must_use]
    pub fn wanted(self, text: &str) -> String {
        let near = self.nearest(text);
        if near.is_empty() {
            format!("wanted one of {}", quoted(self.codes()))
        } else {
            format!("nearest: {}", quoted(&near))
        }
    }
}

/// The codes in backticks, for a sentence.
pub(super) fn quoted(codes: &[&str]) -> String {
    codes.iter().map(|code| format!("`{code}`")).collect::<Vec<_>>().join(", ")
}

/// How many single letters to add, drop or change (Levenshtein).
fn distance(from: &str, to: &str) -> usize {
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (typed, a) in from.bytes().enumerate() {
        let mut diagonal = typed;
        let mut left = typed + 1;
        for (cell, b) in row.iter_mut().skip(1).zip(to.bytes()) {
            let above = *cell;
            left = (diagonal + usize::from(a != b)).min(above + 1).min(left + 1);
            diagonal = above;
            *cell = left;
        }
        if let Some(first) = row.first_mut() {
            *first = typed + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}
