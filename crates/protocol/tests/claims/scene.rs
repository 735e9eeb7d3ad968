//! A network on paper, and what a receiver knows when an alert arrives. Each test changes one thing.

use std::collections::BTreeSet;

use watchfire_protocol::alert::{AlertBody, SignedAlert, sign_body};
use watchfire_protocol::charter::{
    self, BelowQuorum, CharterBody, CharterSignature, Grant, Neighborhood, Relay, Restricted, RestrictionBody, Scope,
    SignedCharter, SignedRestriction,
};
use watchfire_protocol::history::CharterHistory;
use watchfire_protocol::id::{AlertId, AnnouncementHash, CharterHash, CoordinatorId, Epoch, NeighborhoodId, NetworkId};
use watchfire_protocol::kdf::Place;
use watchfire_protocol::secret::Secret;
use watchfire_protocol::sign::SecretKey;
use watchfire_protocol::time::{DAY, HOUR, Timestamp};
use watchfire_protocol::verdict::{
    Circumstances, Confirmation, Counted, HeldAlert, HeldReason, Label, ShownAlert, SignedReason, Verdict, judge,
};
use watchfire_protocol::vocabulary::{AlertContent, Code};
use watchfire_protocol::wire::Extensions;

/// When an alert is sent.
pub(crate) const NOW: Timestamp = Timestamp(1_795_000_000);
/// The charter was drawn up long enough ago to confirm nothing any more.
pub(crate) const ISSUED: Timestamp = Timestamp(NOW.0 - 10 * DAY);
pub(crate) const HERE: NeighborhoodId = NeighborhoodId([4; 16]);
pub(crate) const ELSEWHERE: NeighborhoodId = NeighborhoodId([5; 16]);
pub(crate) const EPOCH: Epoch = Epoch(7);
pub(crate) const ANNOUNCEMENT: AnnouncementHash = AnnouncementHash([0xaa; 32]);

pub(crate) fn key(seed: u8) -> SecretKey {
    SecretKey::from_seed(&Secret::new([seed; 32]))
}

/// Device `d` of coordinator `c` has the key `10 c + d`.
pub(crate) fn coordinator(number: u8) -> CoordinatorId {
    CoordinatorId([number; 16])
}

pub(crate) fn scope(neighborhood: NeighborhoodId) -> Scope {
    Scope { neighborhood, dispatch: true, enroll: true, not_before: ISSUED, not_after: ISSUED.plus(300 * DAY) }
}

pub(crate) fn neighborhood(id: NeighborhoodId) -> Neighborhood {
    Neighborhood {
        id,
        quorum: 1,
        below_quorum: BelowQuorum::Show,
        retention_hours: 72,
        freshness_hours: 48,
        names: [0; 32],
        closed: false,
    }
}

/// Coordinators 1 (two devices), 2 and 3 here, 4 elsewhere; a quorum of one.
pub(crate) fn genesis() -> CharterBody {
    let grant = |number: u8, devices: u8, neighborhood| Grant {
        coordinator: coordinator(number),
        devices: (1..=devices).map(|device| key(10 * number + device).public()).collect(),
        scopes: vec![scope(neighborhood)],
    };
    CharterBody {
        network: NetworkId::ZERO,
        version: 1,
        previous: CharterHash::ZERO,
        issued: ISSUED,
        expires: ISSUED.plus(300 * DAY),
        grace_days: 30,
        admins: vec![key(101).public()],
        threshold: 1,
        restrict_threshold: 1,
        neighborhoods: vec![neighborhood(HERE), neighborhood(ELSEWHERE)],
        grants: vec![grant(1, 2, HERE), grant(2, 1, HERE), grant(3, 1, HERE), grant(4, 1, ELSEWHERE)],
        revocations: vec![],
        restrictions: vec![],
        relays: vec![Relay { url: "ws://127.0.0.1:7443/v1".to_owned(), key: key(102).public() }],
        extensions: Extensions::default(),
    }
}

fn signed(body: &CharterBody, network: NetworkId) -> SignedCharter {
    let mut signed = SignedCharter::unsigned(body);
    let network = if body.version == 1 { charter::genesis_network(&signed.body) } else { network };
    let signature = charter::sign(&key(101), network, &signed.body);
    signed.insert(CharterSignature { signer: key(101).public(), signature });
    signed
}

pub(crate) struct Scene {
    pub(crate) neighborhood: NeighborhoodId,
    pub(crate) charters: CharterHistory,
    pub(crate) announcements: BTreeSet<AnnouncementHash>,
    pub(crate) confirmations: Vec<Confirmation>,
    pub(crate) network_confirmed: bool,
    pub(crate) record_epoch: Epoch,
    pub(crate) received: Timestamp,
    pub(crate) now: Timestamp,
    pub(crate) clock_in_doubt: bool,
    pub(crate) withheld: BTreeSet<AlertId>,
    /// What counted when the alert was shown before.
    pub(crate) accepted: Vec<Counted>,
}

impl Scene {
    /// Nothing is in doubt: coordinator 3 confirmed the charter and the epoch an hour ago.
    pub(crate) fn new() -> Self {
        Self::with(|_| ())
    }

    /// The same under another charter.
    pub(crate) fn with(change: impl FnOnce(&mut CharterBody)) -> Self {
        let mut body = genesis();
        change(&mut body);
        let charters = CharterHistory::found(&signed(&body, NetworkId::ZERO)).unwrap();
        let mut scene = Self {
            neighborhood: HERE,
            charters,
            announcements: BTreeSet::from([ANNOUNCEMENT]),
            confirmations: vec![],
            network_confirmed: true,
            record_epoch: EPOCH,
            received: NOW.plus(60),
            now: NOW.plus(60),
            clock_in_doubt: false,
            withheld: BTreeSet::new(),
            accepted: vec![],
        };
        scene.confirmations = vec![scene.confirmation(3, NOW.minus(HOUR))];
        scene
    }

    /// A next version of the charter arrives.
    pub(crate) fn push(&mut self, change: impl FnOnce(&mut CharterBody)) {
        let newest = self.charters.newest();
        let mut body = CharterBody {
            network: newest.network(),
            version: newest.version() + 1,
            previous: newest.hash(),
            ..newest.body().clone()
        };
        change(&mut body);
        self.charters.push(&signed(&body, self.charters.network())).unwrap();
    }

    /// The admin restricts coordinators of this neighborhood.
    pub(crate) fn restrict(&mut self, entries: Vec<Restricted>) {
        let signed = self.restriction(entries);
        self.charters.restrict(&signed).unwrap();
    }

    pub(crate) fn restriction(&self, entries: Vec<Restricted>) -> SignedRestriction {
        let newest = self.charters.newest();
        let body = RestrictionBody {
            network: newest.network(),
            charter_version: newest.version(),
            charter: newest.hash(),
            issued: NOW,
            entries,
            extensions: Extensions::default(),
        };
        let mut signed = SignedRestriction::unsigned(&body);
        let signature = charter::sign_restriction(&key(101), newest.network(), &signed.body);
        signed.insert(CharterSignature { signer: key(101).public(), signature });
        signed
    }

    /// The next version takes in whatever restricts this one.
    pub(crate) fn take_in(&mut self) {
        let charters = self.charters.clone();
        self.push(|body| charters.take_in(body));
    }

    pub(crate) fn place(&self) -> Place {
        Place { network: self.charters.network(), neighborhood: self.neighborhood }
    }

    pub(crate) fn confirmation(&self, number: u8, at: Timestamp) -> Confirmation {
        Confirmation {
            signer: key(10 * number + 1).public(),
            at,
            charter: self.charters.newest().hash(),
            restrictions: self.charters.restrictions_hash(),
            announcement: ANNOUNCEMENT,
        }
    }

    /// A checkpoint that was verified, sent now.
    pub(crate) fn body(&self) -> AlertBody {
        let mut content = AlertContent::new(Code::constant("enforcement.checkpoint"));
        content.verification.state = Code::constant("verified");
        AlertBody {
            random: [1; 16],
            epoch: EPOCH,
            announcement: ANNOUNCEMENT,
            charter_version: self.charters.newest().version(),
            charter: self.charters.newest().hash(),
            restrictions: self.charters.restrictions_hash(),
            heads: vec![],
            sent: NOW,
            expires: NOW.plus(2 * HOUR),
            content,
            extensions: Extensions::default(),
        }
    }

    /// That alert, signed by these keys.
    pub(crate) fn alert(&self, signers: &[u8]) -> SignedAlert {
        self.altered(signers, |_| ())
    }

    /// The same with something else in it.
    pub(crate) fn altered(&self, signers: &[u8], change: impl FnOnce(&mut AlertBody)) -> SignedAlert {
        let mut body = self.body();
        change(&mut body);
        let (first, others) = signers.split_first().unwrap();
        let mut signed = SignedAlert::sign(&body, &self.place(), &key(*first));
        for other in others {
            assert!(signed.add(&self.place(), sign_body(&signed.body, &self.place(), &key(*other))));
        }
        signed
    }

    pub(crate) fn judge(&self, alert: SignedAlert) -> Verdict {
        let circumstances = Circumstances {
            place: self.place(),
            record_epoch: self.record_epoch,
            charters: &self.charters,
            accepted: &self.accepted,
            announcements: &self.announcements,
            confirmations: &self.confirmations,
            network_confirmed: self.network_confirmed,
            received: self.received,
            now: self.now,
            clock_in_doubt: self.clock_in_doubt,
            withheld: &self.withheld,
        };
        judge(alert, &circumstances)
    }

    #[track_caller]
    pub(crate) fn shown(&self, alert: SignedAlert) -> ShownAlert {
        match self.judge(alert) {
            Verdict::Shown(shown) => *shown,
            Verdict::Held(held) => panic!("held: {}", held.reason()),
        }
    }

    #[track_caller]
    pub(crate) fn assert_verified(&self, alert: SignedAlert) {
        assert_eq!(self.shown(alert).label(), &Label::Verified);
    }

    #[track_caller]
    pub(crate) fn assert_signed(&self, alert: SignedAlert, reasons: &[SignedReason]) {
        assert_eq!(self.shown(alert).label(), &Label::Signed(reasons.to_vec()));
    }

    #[track_caller]
    pub(crate) fn held(&self, alert: SignedAlert) -> HeldAlert {
        match self.judge(alert) {
            Verdict::Shown(shown) => panic!("shown as {:?}", shown.label()),
            Verdict::Held(held) => *held,
        }
    }

    #[track_caller]
    pub(crate) fn assert_held(&self, alert: SignedAlert, wanted: &HeldReason) {
        let claim = alert.clone();
        let held = self.held(alert);
        assert_eq!(held.reason(), wanted);
        assert_eq!(held.id(), claim.id(&self.place()));
        assert_eq!(held.into_claim(), claim, "kept as it came, to be judged again");
    }
}
