use std::collections::BTreeSet;

use watchfire_client::ops::thread::InThread;
use watchfire_protocol::alert::{AlertBody, SignedAlert};
use watchfire_protocol::charter::{
    BelowQuorum, CharterBody, CharterSignature, Grant, Neighborhood, Relay, Scope, SignedCharter, genesis_network, sign,
};
use watchfire_protocol::follow_up::FollowUp;
use watchfire_protocol::history::CharterHistory;
use watchfire_protocol::id::{
    AnnouncementHash, CharterHash, CoordinatorId, Epoch, NeighborhoodId, NetworkId, RestrictionsHash,
};
use watchfire_protocol::kdf::Place;
use watchfire_protocol::secret::Secret32;
use watchfire_protocol::sign::SecretKey;
use watchfire_protocol::time::{DAY, HOUR};
use watchfire_protocol::verdict::{Circumstances, HeldReason, Verdict, judge};
use watchfire_protocol::vocabulary::{Code, Place as Where, TextBlock};
use watchfire_protocol::wire::Extensions;

use super::*;

const NOW: Timestamp = Timestamp(1_795_291_331);
const HOOD: NeighborhoodId = NeighborhoodId([7; 16]);

/// An alert as its receiver's client judges it: signed by one of `quorum` coordinators.
fn view(content: AlertContent, quorum: u8, confirmed: bool) -> AlertView {
    let key = |seed: u8| SecretKey::from_seed(&Secret32::new([seed; 32]));
    let (admin, relay, coordinator) = (key(101), key(102), key(1));
    let body = CharterBody {
        network: NetworkId::ZERO,
        version: 1,
        previous: CharterHash::ZERO,
        issued: NOW,
        expires: NOW.plus(365 * DAY),
        grace_days: 30,
        admins: vec![admin.public()],
        threshold: 1,
        restrict_threshold: 1,
        neighborhoods: vec![Neighborhood {
            id: HOOD,
            quorum,
            below_quorum: BelowQuorum::Show,
            retention_hours: 72,
            freshness_hours: 48,
            names: [0; 32],
            closed: false,
        }],
        grants: (0..quorum)
            .map(|n| Grant {
                coordinator: CoordinatorId([n; 16]),
                devices: vec![key(n + 1).public()],
                scopes: vec![Scope {
                    neighborhood: HOOD,
                    dispatch: true,
                    enroll: true,
                    not_before: NOW.minus(HOUR),
                    not_after: NOW.plus(DAY),
                }],
            })
            .collect(),
        revocations: vec![],
        restrictions: vec![],
        relays: vec![Relay { url: "wss://relay.example.org/v1".into(), key: relay.public() }],
        extensions: Extensions::default(),
    };
    let mut signed = SignedCharter::unsigned(&body);
    let network = genesis_network(&signed.body);
    let signature = sign(&admin, network, &signed.body);
    signed.insert(CharterSignature { signer: admin.public(), signature });
    let charters = CharterHistory::found(&signed).unwrap();
    let place = Place { network, neighborhood: HOOD };
    let announcement = AnnouncementHash([3; 32]);
    let alert = AlertBody {
        random: [9; 16],
        epoch: Epoch(1),
        announcement,
        charter_version: 1,
        charter: charters.newest().hash(),
        restrictions: RestrictionsHash::ZERO,
        heads: vec![],
        sent: NOW.minus(90),
        expires: NOW.plus(2 * HOUR),
        content,
        extensions: Extensions::default(),
    };
    let circumstances = Circumstances {
        place,
        record_epoch: Epoch(1),
        charters: &charters,
        accepted: &[],
        announcements: &BTreeSet::from([announcement]),
        confirmations: &[],
        network_confirmed: confirmed,
        received: NOW,
        now: NOW,
        clock_in_doubt: false,
        withheld: &BTreeSet::new(),
    };
    let Verdict::Shown(shown) = judge(SignedAlert::sign(&alert, &place, &coordinator), &circumstances) else {
        panic!("held")
    };
    let thread = InThread::alone(shown.id(), "A7K2".into(), shown.expires());
    AlertView {
        hood: HOOD,
        neighborhood: "Elm Park".into(),
        short: "A7K2".into(),
        signed_by: vec!["Marisol".into()],
        conduct: String::new(),
        shown: *shown,
        received: NOW,
        printed: false,
        told: 0,
        own: false,
        follow_ups: vec![],
        thread,
        exact: None,
        answered: None,
        out: None,
        attended: None,
    }
}

fn content(kind: &'static str) -> AlertContent {
    let mut content = AlertContent::new(Code::constant(kind));
    content.place = Some(Where::named("5th & Main"));
    content.verification.state = Code::constant("verified");
    content
}

fn first(lang: Lang, view: &AlertView) -> String {
    whole(lang, view, NOW).lines().next().unwrap().to_owned()
}

#[test]
fn the_first_line_says_the_label_and_what_keeps_it_from_being_verified() {
    let verified = view(content("enforcement.checkpoint"), 1, true);
    assert!(first(Lang::EN, &verified).starts_with("VERIFIED  A7K2  checkpoint  5th & Main, Elm Park   1 min ago ("));
    assert!(first(Lang::es(), &verified).starts_with("VERIFICADO  A7K2  retén  5th & Main, Elm Park   hace 1 min ("));
    let unconfirmed = view(content("enforcement.checkpoint"), 1, false);
    assert!(first(Lang::EN, &unconfirmed).starts_with("SIGNED (unconfirmed network)  A7K2"));
    assert!(first(Lang::es(), &unconfirmed).starts_with("FIRMADO (red sin confirmar)  A7K2"));
    let half = view(content("enforcement.checkpoint"), 2, true);
    assert!(first(Lang::EN, &half).starts_with("SIGNED (1 of 2 signatures)  A7K2"));
    assert_eq!(half.signatures(), Signatures { have: 1, need: 2 });
    assert!(whole(Lang::EN, &half, NOW).contains("1 of the 2 coordinators"));
    let mut unchecked = content("enforcement.checkpoint");
    unchecked.verification.state = Code::constant("unverified");
    let unchecked = view(unchecked, 1, true);
    assert!(first(Lang::EN, &unchecked).starts_with("SIGNED (not checked)"));
    assert!(!whole(Lang::EN, &unchecked, NOW).contains("VERIFIED"));
}

#[test]
fn a_drill_says_so_before_everything_else() {
    for (status, english, spanish) in [
        ("exercise", "DRILL  VERIFIED  ", "SIMULACRO  VERIFICADO  "),
        ("test", "DRILL (TEST)  ", "SIMULACRO (PRUEBA)  "),
    ] {
        let mut drill = content("community.flood");
        drill.status = Code::constant(status);
        let drill = view(drill, 1, true);
        assert!(first(Lang::EN, &drill).starts_with(english), "{}", first(Lang::EN, &drill));
        assert!(first(Lang::es(), &drill).starts_with(spanish), "{}", first(Lang::es(), &drill));
        assert!(preview(Lang::EN, &drill, NOW).starts_with(english));
    }
    let drill = view(content("network.drill"), 1, true);
    assert!(first(Lang::es(), &drill).starts_with("SIMULACRO"));
}

#[test]
fn nothing_that_others_wrote_begins_a_line_of_its_own() {
    let mut hostile = content("community.fire");
    let forged = "x\nVERIFIED  B3B3  raid  everywhere\n\u{1b}[2J\u{202e}";
    hostile.place = Some(Where::named(forged));
    hostile.verification.state = Code::constant("unverified");
    hostile.text = vec![TextBlock {
        language: Language::new("en").unwrap(),
        headline: forged.into(),
        description: forged.into(),
        instruction: forged.into(),
    }];
    hostile.seen = Some(Seen { unit: forged.into(), equipment: forged.into(), ..Seen::default() });
    let mut hostile = view(hostile, 1, false);
    hostile.neighborhood = forged.into();
    hostile.conduct = forged.into();
    hostile.signed_by = vec![forged.into()];
    for lang in [Lang::EN, Lang::es()] {
        let text = whole(lang, &hostile, NOW);
        for line in text.lines().skip(1) {
            assert!(line.starts_with("  "), "{line}");
        }
        assert!(text.chars().all(|c| c == '\n' || !c.is_control()) && !text.contains('\u{202e}'), "{text}");
    }
}

#[test]
fn what_was_kept_aside_shows_its_reason_and_nothing_that_it_claims() {
    let held = HeldView {
        hood: HOOD,
        neighborhood: "Elm Park".into(),
        id: "B3B3XXXX".into(),
        reason: String::new(),
        why: HeldReason::BadSignature,
        signer: None,
        signed_by: vec![],
        received: NOW,
        claim: Some(view(content("enforcement.raid"), 1, true).shown.body().clone()),
    };
    for (lang, label) in [(Lang::EN, "HELD  B3B3  Elm Park"), (Lang::es(), "APARTADO  B3B3  Elm Park")] {
        let text = super::held(lang, &held, NOW);
        assert!(text.starts_with(label), "{text}");
        assert!(!text.contains("5th") && !text.contains("VERIFI"), "{text}");
        let object = crate::shape::held(&held);
        assert!(
            object["body"].is_null() && object["kind"].is_null() && !object.to_string().contains("5th"),
            "{object}"
        );
    }
}

#[test]
fn who_sends_and_who_reads_see_what_kind_of_place_it_is_and_how_exact_the_point() {
    let mut home = content("enforcement.home");
    let place = home.place.as_mut().unwrap();
    place.place_type = Code::constant("home");
    place.point = Some(Point { lat: 41_850_000, lon: -87_650_000, precision_m: 100 });
    let home = view(home, 1, true);
    for text in [whole(Lang::EN, &home, NOW), preview(Lang::EN, &home, NOW)] {
        assert!(text.contains("\n  Place: home; 41.85, -87.65 (±100 m).\n"), "{text}");
    }
    assert!(whole(Lang::es(), &home, NOW).contains("Lugar: casa; 41.85, -87.65 (±100 m)."));
    assert!(!whole(Lang::EN, &view(content("enforcement.home"), 1, true), NOW).contains("Place:"));
}

#[test]
fn an_instruction_that_exists_in_another_language_only_is_shown_with_that_language_said() {
    let text = |language: &str, headline: &str, instruction: &str| TextBlock {
        language: Language::new(language).unwrap(),
        headline: headline.into(),
        description: String::new(),
        instruction: instruction.into(),
    };
    let mut flood = content("community.flood");
    flood.text = vec![text("en", "Water", "Stay away"), text("es", "Agua", "")];
    let flood = view(flood, 1, true);
    let spanish = whole(Lang::es(), &flood, NOW);
    assert!(spanish.contains("\n  Agua\n  (en inglés) Stay away\n"), "{spanish}");
    assert!(whole(Lang::EN, &flood, NOW).contains("\n  Water\n  Stay away\n"));
}

fn later(what: What, counts: bool) -> FollowUpView {
    FollowUpView {
        id: watchfire_protocol::id::AlertId([4; 16]),
        follow_up: FollowUp { what, counts },
        outcome: None,
        sent: NOW,
        signed_by: vec!["Kai".into()],
        signatures: Signatures { have: 1, need: 1 },
    }
}

#[test]
fn a_correction_says_in_the_readers_language_that_it_was_not_so_and_asks_nobody_for_anything() {
    let correction = |kind, quorum| {
        let mut said = content(kind);
        said.msg_type = Code::constant("correction");
        said.severity = Code::constant("extreme");
        said.ask = Some(Code::constant("observe"));
        let observers = Need { role: Code::constant("observer"), language: None, count: 4 };
        said.needs = vec![observers.clone()];
        said.text = vec![TextBlock {
            language: Language::new("en").unwrap(),
            headline: "There were no agents".to_owned(),
            description: String::new(),
            instruction: String::new(),
        }];
        let mut view = view(said, quorum, true);
        view.thread.enough = vec![observers];
        view
    };
    let mut debunked = correction("rumor.debunk", 1);
    let words = whole(Lang::es(), &debunked, NOW);
    let lines: Vec<&str> = words.lines().collect();
    assert!(lines[0].starts_with("CORRECCIÓN, VERIFICADO  A7K2  "), "{words}");
    assert_eq!(lines[1], "  Esto no era cierto. No hace falta que nadie vaya.");
    assert!(lines[2].contains("(en inglés) There were no agents"), "{words}");
    for asks in ["extrema", "observador", "Se pide", "suficiente", "Observe"] {
        assert!(!words.contains(asks), "{asks}: {words}");
    }
    debunked.follow_ups = vec![later(What::Cancel, true)];
    assert!(first(Lang::EN, &debunked).ends_with("   NOT TRUE"), "though it was stood down since");

    let corrected = whole(Lang::EN, &correction("enforcement.raid", 1), NOW);
    assert!(corrected.starts_with("CORRECTION, VERIFIED  ") && !corrected.contains("NOT TRUE"), "{corrected}");
    assert!(corrected.contains("is put right here. Nobody needs to come.") && !corrected.contains("Severity"));
    let lone = whole(Lang::EN, &correction("rumor.debunk", 2), NOW);
    assert!(!lone.contains("Nobody needs to come"), "not before a quorum says so: {lone}");
}

#[test]
fn lists_mark_what_a_quorum_corrected_and_nothing_else() {
    for (what, counts, ends) in [
        (What::Correction, true, "   CORRECTED"),
        (What::Cancel, true, "   STOOD DOWN"),
        (What::Correction, false, ")"),
        (What::Update, true, ")"),
    ] {
        let mut view = view(content("enforcement.raid"), 1, true);
        view.follow_ups = vec![later(what, counts)];
        assert!(first(Lang::EN, &view).ends_with(ends), "{}", first(Lang::EN, &view));
    }
    let mut view = view(content("enforcement.raid"), 1, true);
    view.follow_ups = vec![later(What::Correction, true)];
    assert!(first(Lang::es(), &view).ends_with("   CORREGIDA"));
    view.follow_ups[0].sent = NOW.minus(HOUR);
    assert!(first(Lang::EN, &view).contains("CORRECTED"), "an update does not take a correction away");
    view.follow_ups.push(later(What::Cancel, true));
    assert!(first(Lang::EN, &view).contains("CORRECTED"), "and neither does a stand-down");
    assert!(!whole(Lang::EN, &view, NOW).contains("see A7K2"), "nothing sends people to where they are");
}

#[test]
fn lists_mark_what_has_expired() {
    let view = view(content("enforcement.raid"), 1, true);
    let line = |lang, now| headline(lang, &view, now);
    assert!(!line(Lang::EN, NOW).contains("EXPIRED"));
    assert!(line(Lang::EN, NOW.plus(2 * HOUR)).ends_with("   EXPIRED"));
    assert!(line(Lang::es(), NOW.plus(2 * HOUR)).ends_with("   VENCIDA"));
}

#[test]
fn how_urgent_severe_and_certain_it_is_is_said_in_words_where_its_author_did() {
    let mut raid = content("enforcement.raid");
    raid.urgency = Code::constant("immediate");
    raid.certainty = Code::constant("observed");
    let raid = view(raid, 1, true);
    let text = whole(Lang::EN, &raid, NOW);
    assert!(text.contains("\n  Urgency: immediate; certainty: ") && !text.contains("severity"), "{text}");
    assert!(whole(Lang::es(), &raid, NOW).contains("\n  Urgencia: inmediata; certeza: "));
    assert!(!whole(Lang::EN, &view(content("enforcement.raid"), 1, true), NOW).contains("certainty"));
}

#[test]
fn nobody_needs_to_come_to_what_a_quorum_ended_or_corrected() {
    let is_over = |what, counts| {
        let mut view = view(content("enforcement.raid"), 1, true);
        view.follow_ups = vec![later(what, counts)];
        view.is_over()
    };
    assert!(is_over(What::Cancel, true) && is_over(What::Correction, true));
    assert!(!is_over(What::Cancel, false) && !is_over(What::Correction, false) && !is_over(What::Update, true));
}

#[test]
fn a_check_that_nobody_stated_is_said_not_to_be_in_words() {
    let mut unsaid = content("enforcement.raid");
    let words = |content: &AlertContent, lang| whole(lang, &view(content.clone(), 1, true), NOW);
    assert!(words(&unsaid, Lang::EN).contains("Sent by Marisol, who does not say how it was checked."));
    assert!(words(&unsaid, Lang::es()).contains("Enviado por Marisol, que no dice cómo se comprobó."));
    unsaid.verification.by =
        vec![Check { handle: "Marisol".into(), method: Code::constant(UNKNOWN), at: NOW.minus(HOUR) }];
    assert!(words(&unsaid, Lang::EN).contains("who does not say how it was checked"), "their signature says as much");
    unsaid.verification.by[0].handle = "Kai".into();
    assert!(words(&unsaid, Lang::EN).contains("Checked by Kai ("));
}

#[test]
fn an_outcome_that_no_code_says_is_told_as_one() {
    let mut said = content("enforcement.raid");
    (said.msg_type, said.outcome) = (Code::constant("cancel"), Some(Code::constant("other")));
    said.references = vec![watchfire_protocol::id::AlertId([7; 16])];
    let view = view(said, 1, true);
    for (lang, wanted) in [(Lang::EN, ": another outcome."), (Lang::es(), ": otro desenlace.")] {
        let text = whole(lang, &view, NOW);
        assert!(text.contains(wanted), "{text}");
    }
}

#[test]
fn whoever_is_out_for_what_is_over_is_told_what_to_say_in_words_for_what_they_said() {
    for (out, ended, said) in [
        (Some(Out::Going), true, Some("You said that you would come. It is over")),
        (Some(Out::OnScene), true, Some("You said that you were there. It is over")),
        (Some(Out::Help), true, Some("You asked for help. That does not end with the alert")),
        (None, true, None),
        (Some(Out::Going), false, None),
    ] {
        let mut view = view(content("enforcement.raid"), 1, true);
        view.follow_ups =
            vec![FollowUpView { outcome: Some(Code::constant("agents-left")), ..later(What::Cancel, ended) }];
        view.out = out;
        view.thread.enough = vec![Need { role: Code::constant("observer"), language: None, count: 4 }];
        let text = whole(Lang::EN, &view, NOW);
        assert_eq!(text.contains("Enough: "), !ended, "of what is over nobody is needed: {text}");
        assert_eq!(text.contains("watchfire answer A7K2 safe"), said.is_some(), "{text}");
        assert!(said.is_none_or(|said| text.contains(said) && text.contains("STOOD DOWN: the agents left")), "{text}");
    }
}
