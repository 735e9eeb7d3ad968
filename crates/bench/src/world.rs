//! Networks with one neighborhood each, founded on a relay: keys by number, a charter, an epoch with a few slots.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::LazyLock;
use std::time::SystemTime;

use watchfire_protocol::announcement::{Keys, SignedAnnouncement, Slots};
use watchfire_protocol::charter::{
    BelowQuorum, CharterBody, CharterSignature, Grant, Neighborhood, Relay, Scope, SignedCharter, genesis_network, sign,
};
use watchfire_protocol::frame::{
    ClientFrame, ObjectClass, PATH, Proof, Prover, Reply, Request, SUBPROTOCOL, ServerFrame, Welcome,
};
use watchfire_protocol::id::{
    AnnouncementHash, CharterHash, CoordinatorId, Epoch, NeighborhoodId, NetworkId, RestrictionsHash, Tag, sha256,
};
use watchfire_protocol::kdf::Place;
use watchfire_protocol::run::{OBJECT_LEN, Object, run_list, slots_root};
use watchfire_protocol::seal::KemPublicKey;
use watchfire_protocol::secret::Secret32;
use watchfire_protocol::sign::{PublicKey, SecretKey};
use watchfire_protocol::time::{DAY, Timestamp};
use watchfire_protocol::wire::Extensions;

use crate::Outcome;
use crate::frame::{first, head_end, masked, upgrade};

/// The epoch that everything happens in.
pub(crate) const EPOCH: Epoch = Epoch(1);

/// What every client greets with: whoever measures needs no fresh one.
pub(crate) const NONCE: [u8; 32] = [7; 32];

/// Whose key.
#[derive(Clone, Copy)]
pub(crate) enum Who {
    Admin,
    Device,
    Member,
    Coordinator,
}

/// Keys are by role: whoever measures keeps no secret. Made once, since a client that comes back has its own.
pub(crate) fn key(who: Who) -> &'static SecretKey {
    static ADMIN: LazyLock<SecretKey> = LazyLock::new(|| numbered(1));
    static DEVICE: LazyLock<SecretKey> = LazyLock::new(|| numbered(2));
    static MEMBER: LazyLock<SecretKey> = LazyLock::new(|| numbered(3));
    static COORDINATOR: LazyLock<SecretKey> = LazyLock::new(|| numbered(4));
    match who {
        Who::Admin => &ADMIN,
        Who::Device => &DEVICE,
        Who::Member => &MEMBER,
        Who::Coordinator => &COORDINATOR,
    }
}

fn numbered(number: u8) -> SecretKey {
    SecretKey::from_seed(&Secret32::new([number; 32]))
}

/// The neighborhood of a network.
pub(crate) fn place(network: NetworkId) -> Place {
    Place { network, neighborhood: NeighborhoodId([0xa1; 16]) }
}

fn now() -> Timestamp {
    Timestamp(SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_secs()))
}

/// A network's charter, and its id. Networks differ by their number.
pub(crate) fn charter(number: u8, relay: PublicKey) -> (NetworkId, SignedCharter) {
    let (neighborhood, (from, to)) = (place(NetworkId::ZERO).neighborhood, (now().minus(DAY), now().plus(300 * DAY)));
    let body = CharterBody {
        network: NetworkId::ZERO,
        version: 1,
        previous: CharterHash::ZERO,
        issued: from,
        expires: to,
        grace_days: 30,
        admins: vec![key(Who::Admin).public()],
        threshold: 1,
        restrict_threshold: 1,
        neighborhoods: vec![Neighborhood {
            id: neighborhood,
            quorum: 1,
            below_quorum: BelowQuorum::Show,
            retention_hours: 24,
            freshness_hours: 48,
            names: [number; 32],
            closed: false,
        }],
        grants: vec![Grant {
            coordinator: CoordinatorId([2; 16]),
            devices: vec![key(Who::Device).public()],
            scopes: vec![Scope { neighborhood, dispatch: true, enroll: true, not_before: from, not_after: to }],
        }],
        revocations: Vec::new(),
        restrictions: Vec::new(),
        relays: vec![Relay { url: "ws://127.0.0.1:1/v1".to_owned(), key: relay }],
        extensions: Extensions::default(),
    };
    let mut signed = SignedCharter::unsigned(&body);
    let network = genesis_network(&signed.body);
    let admin = key(Who::Admin);
    signed.insert(CharterSignature { signer: admin.public(), signature: sign(admin, network, &signed.body) });
    (network, signed)
}

/// Publishes a charter that the relay allows, and opens its neighborhood's first epoch.
pub(crate) fn found(relay: SocketAddr, network: NetworkId, charter: &SignedCharter) -> Outcome<()> {
    let mut talk = Talk::open(relay)?;
    talk.done(Request::PublishCharter { charter: charter.to_bytes(), admission: None })?;
    talk.prove(place(network), Prover::Device(key(Who::Device).public()), key(Who::Device))?;
    let slots: Vec<Object> = (0..3).map(|n| Object { tag: Tag([n; 16]), body: Box::new([n; OBJECT_LEN]) }).collect();
    let signed = announcement(network, charter, &slots);
    let announcement = AnnouncementHash(sha256(&[&signed.keys, &signed.slots]));
    talk.ask(Request::Stage { announcement, class: ObjectClass::Slot, objects: slots })?;
    talk.done(Request::Open { announcement: signed.to_bytes(), holds: Epoch::NONE })
}

fn announcement(network: NetworkId, charter: &SignedCharter, slots: &[Object]) -> SignedAnnouncement {
    let hashes: Vec<_> = slots.iter().map(|slot| (slot.tag, sha256(&[slot.body.as_slice()]))).collect();
    let keys = Keys {
        network,
        neighborhood: place(network).neighborhood,
        epoch: EPOCH,
        predecessors: Vec::new(),
        charter_version: 1,
        charter: charter.hash(),
        restrictions: RestrictionsHash::ZERO,
        opened_at: now(),
        member_key: key(Who::Member).public(),
        coordinator_key: key(Who::Coordinator).public(),
        inbox: KemPublicKey(Box::new([7; 1216])),
        chain_commit: [1; 32],
        coordinator_chain_commit: [2; 32],
        roster_digest: [3; 32],
        extensions: Extensions::default(),
    };
    let body = Slots {
        count: u32::try_from(slots.len()).unwrap_or(u32::MAX),
        root: slots_root(&run_list(&hashes)),
        extensions: Extensions::default(),
    };
    SignedAnnouncement::sign(&keys, &body, key(Who::Device))
}

/// One connection that asks and waits for the answer.
struct Talk {
    socket: TcpStream,
    read: Vec<u8>,
    next: u32,
    welcome: Option<Welcome>,
}

impl Talk {
    fn open(relay: SocketAddr) -> Outcome<Self> {
        let mut talk = Self { socket: TcpStream::connect(relay)?, read: Vec::new(), next: 0, welcome: None };
        talk.socket.write_all(&upgrade(PATH, SUBPROTOCOL))?;
        let end = loop {
            match head_end(&talk.read) {
                Some(end) => break end,
                None => talk.more()?,
            }
        };
        talk.read.drain(..end);
        if let Reply::Welcome(welcome) = talk.ask(Request::Hello { nonce: NONCE })? {
            talk.welcome = Some(welcome);
        }
        Ok(talk)
    }

    fn more(&mut self) -> Outcome<()> {
        let mut some = [0; 4096];
        let count = self.socket.read(&mut some)?;
        self.read.extend_from_slice(some.get(..count).filter(|some| !some.is_empty()).ok_or("the relay went away")?);
        Ok(())
    }

    fn ask(&mut self, request: Request) -> Outcome<Reply> {
        self.next += 1;
        self.socket.write_all(&masked(&ClientFrame { id: self.next, request }.to_bytes()))?;
        loop {
            let Some((_, payload, end)) = first(&self.read) else {
                self.more()?;
                continue;
            };
            let frame = ServerFrame::from_bytes(payload)?;
            self.read.drain(..end);
            match frame {
                ServerFrame { id, reply } if id == self.next => return Ok(reply),
                _ => {}
            }
        }
    }

    fn done(&mut self, request: Request) -> Outcome<()> {
        let name = request.name();
        match self.ask(request)? {
            Reply::Done => Ok(()),
            other => Err(format!("{name} was answered with {other:?}").into()),
        }
    }

    fn prove(&mut self, place: Place, prover: Prover, key: &SecretKey) -> Outcome<()> {
        let Welcome { relay, challenge, .. } = self.welcome.ok_or("no welcome")?;
        let epoch = Epoch::NONE;
        let signature = Proof { relay, nonce: NONCE, challenge, place, epoch, prover }.sign(key);
        let Place { network, neighborhood } = place;
        match self.ask(Request::Prove { network, neighborhood, epoch, prover, signature })? {
            Reply::Proved { .. } => Ok(()),
            other => Err(format!("not proved: {other:?}").into()),
        }
    }
}
