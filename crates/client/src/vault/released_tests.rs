//! Vaults of released versions, row by row: whoever changes what a bucket holds reads here what was in it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use rusqlite::OpenFlags;
use watchfire_protocol::announcement::SignedAnnouncement;
use watchfire_protocol::charter::{SignedCharter, SignedRestriction};
use watchfire_protocol::fork::Fork;
use watchfire_protocol::id::AlertId;
use watchfire_protocol::names::NamesBlock;
use watchfire_protocol::roster::{Offer, Roster};
use watchfire_protocol::secret::Secret32;
use watchfire_protocol::time::Timestamp;
use watchfire_protocol::verdict::Confirmation;

use super::{Bucket, FILE, Passphrase, SCHEMA, Tx, Vault, VaultError};
use crate::answers::StoredOwnAnswer;
use crate::desk::{Dropped, Kept, StoredDeskEvent, StoredReport};
use crate::directs::StoredDirect;
use crate::notice::{StoredHead, StoredView};
use crate::ops::begun::Begun;
use crate::ops::duty::Duty;
use crate::ops::rights::StoredCards;
use crate::relays::{AtRelay, Reach};
use crate::state::{
    AsSaid, Calls, DeferredRecord, DraftNames, EpochState, Hood, Joining, Profile, Queued, Said, SeenRecord,
    StoredAlert, StoredAnswer, StoredClone, StoredCoSign, StoredDue, StoredEvent, StoredGone, StoredHeld,
    StoredRenewal, StoredRequest,
};
use crate::trouble::DutyTrouble;
use crate::unfinished::Unfinished;

/// What a bucket holds, by one table: a bucket that is not in it does not compile.
macro_rules! buckets {
    ($($bucket:ident: $type:ty),* $(,)?) => {
        const ALL: &[Bucket] = &[$(Bucket::$bucket),*];

        /// Reads every row of a bucket as what it holds. Returns how many there are.
        fn rows(tx: &Tx<'_>, bucket: Bucket) -> Result<usize, VaultError> {
            match bucket {
                Bucket::Meta | Bucket::Route => {
                    tx.names(bucket)?.iter().try_fold(0, |all, name| Ok(all + named(tx, bucket, name)?))
                }
                $(Bucket::$bucket => Ok(tx.list::<$type>(bucket, b"")?.len()),)*
            }
        }
    };
}

buckets! {
    Charter: Vec<u8>,
    Hood: Hood,
    Epoch: EpochState,
    Announcement: Vec<u8>,
    Roster: Vec<u8>,
    RosterEvent: StoredEvent,
    Cursor: (u64, [u8; 16]),
    Alert: StoredAlert,
    Held: StoredHeld,
    Seen: SeenRecord,
    Confirmation: Confirmation,
    Answer: StoredAnswer,
    Joining: Joining,
    Request: StoredRequest,
    Outbox: Queued,
    Names: NamesBlock,
    Deferred: DeferredRecord,
    CoSign: StoredCoSign,
    Renewal: StoredRenewal,
    Clone: StoredClone,
    Stepped: Timestamp,
    Head: StoredHead,
    View: StoredView,
    Direct: StoredDirect,
    DirectSent: Timestamp,
    OwnAnswer: StoredOwnAnswer,
    AnswerIndex: Vec<AlertId>,
    Offer: Offer,
    OwnOffer: Offer,
    History: u64,
    Template: String,
    Cards: StoredCards,
    FirstGoing: Timestamp,
    Unfinished: Unfinished,
    Begun: Begun,
    MissedRoster: Vec<u8>,
    Reach: Reach,
    AtRelay: AtRelay,
    DutyTrouble: DutyTrouble,
    OwnSaid: Said,
    AsSaid: AsSaid,
    Dropped: Dropped,
    Calls: Calls,
    DraftNames: DraftNames,
    SignedDraft: Timestamp,
    Report: StoredReport,
    DeskEvent: StoredDeskEvent,
    DeskIndex: Vec<Kept>,
    Due: StoredDue,
    Gone: StoredGone,
    OtherAnnouncement: Vec<u8>,
    Fork: Fork,
    Restriction: Vec<u8>,
    RestrictionSet: Timestamp,
}

/// Reads a row of a bucket in which each name has a value of its own kind.
fn named(tx: &Tx<'_>, bucket: Bucket, name: &[u8]) -> Result<usize, VaultError> {
    let found = match name {
        b"profile" => tx.get::<Profile>(bucket, name)?.is_some(),
        b"charter since" => tx.get::<(u64, Timestamp)>(bucket, name)?.is_some(),
        b"admin" => tx.get::<Secret32>(bucket, name)?.is_some(),
        b"answered" => tx.get::<Timestamp>(bucket, name)?.is_some(),
        b"ticket" => tx.get::<u64>(bucket, name)?.is_some(),
        b"newer charter" => tx.get::<Timestamp>(bucket, name)?.is_some(),
        b"duty" => tx.get::<Duty>(bucket, name)?.is_some(),
        b"proxy" => tx.get::<String>(bucket, name)?.is_some(),
        b"anchors" => tx.get::<Vec<Vec<u8>>>(bucket, name)?.is_some(),
        name if name.starts_with(b"directs lost") => tx.get::<Timestamp>(bucket, name)?.is_some(),
        name if name.starts_with(b"unfolded") => tx.get::<bool>(bucket, name)?.is_some(),
        other => panic!("nothing is known of {}", String::from_utf8_lossy(other)),
    };
    Ok(usize::from(found))
}

/// What lies in a bucket as the bytes of the protocol, or of the roster.
fn inner(tx: &Tx<'_>) -> Result<(), VaultError> {
    for (_, charter) in tx.list::<Vec<u8>>(Bucket::Charter, b"")? {
        SignedCharter::from_bytes(&charter).unwrap();
    }
    for (_, restriction) in tx.list::<Vec<u8>>(Bucket::Restriction, b"")? {
        SignedRestriction::from_bytes(&restriction).unwrap();
    }
    for (name, announcement) in tx.list::<Vec<u8>>(Bucket::Announcement, b"")? {
        let hood = Hood::load(tx, hood_of(&name)).unwrap();
        SignedAnnouncement::from_bytes(&announcement).unwrap().verify(&hood.place()).unwrap();
    }
    for (name, roster) in tx.list::<Vec<u8>>(Bucket::Roster, b"")? {
        let hood = Hood::load(tx, hood_of(&name)).unwrap();
        assert!(!Roster::from_vault_bytes(hood.place(), &roster).unwrap().members().is_empty());
    }
    Ok(())
}

fn hood_of(name: &[u8]) -> watchfire_protocol::id::NeighborhoodId {
    watchfire_protocol::id::NeighborhoodId(name[..16].try_into().unwrap())
}

fn fixtures(version: i64) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../tests/fixtures/vault-{version}"))
}

/// How many rows each bucket of a file has, by number.
fn counted(file: &Path) -> Vec<(i64, isize)> {
    let connection = rusqlite::Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let mut statement = connection.prepare("SELECT bucket, count(*) FROM entry GROUP BY bucket").unwrap();
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    rows.collect::<Result<_, _>>().unwrap()
}

#[test]
fn every_row_of_a_vault_of_each_version_is_read_as_what_it_is() {
    /// What a night leaves in no vault: traces of clones, of forks, of two coordinators at once, and of what a relay kept
    /// back for a while, and of epochs for which somebody was away; and what was not kept yet when these were written.
    const ABSENT: [Bucket; 14] = [
        Bucket::Deferred,
        Bucket::Clone,
        Bucket::Stepped,
        Bucket::Head,
        Bucket::OtherAnnouncement,
        Bucket::Fork,
        Bucket::MissedRoster,
        Bucket::Reach,
        Bucket::AtRelay,
        Bucket::DutyTrouble,
        Bucket::OwnSaid,
        Bucket::AsSaid,
        Bucket::Dropped,
        Bucket::Calls,
    ];
    for version in 1..=SCHEMA {
        let seen = read(version);
        let all = ALL.iter().map(|bucket| *bucket as i64);
        let absent: BTreeSet<i64> = all.filter(|bucket| !seen.contains(bucket)).collect();
        // Version 1 was older than this.
        let known = ABSENT.iter().filter(|bucket| version == 1 || **bucket != Bucket::Reach);
        assert_eq!(absent, known.map(|bucket| *bucket as i64).collect(), "version {version}");
    }
}

/// Reads every row of the vaults of a version, and returns which buckets there are.
fn read(version: i64) -> BTreeSet<i64> {
    let mut seen = BTreeSet::new();
    for home in ["coordinator", "responder", "newcomer"] {
        let (from, to) = (fixtures(version).join(home).join(FILE), tempfile::tempdir().unwrap());
        std::fs::copy(&from, to.path().join(FILE)).unwrap();
        let there = counted(&from);
        let vault = Vault::open(to.path(), &Passphrase::new("the passphrase of a test".to_owned()).unwrap()).unwrap();
        vault
            .transact(|tx| {
                let all = ALL.iter().chain(&[Bucket::Meta, Bucket::Route]);
                let mut read = Vec::new();
                for bucket in all {
                    read.push((*bucket as i64, isize::try_from(rows(tx, *bucket)?).unwrap()));
                }
                read.retain(|(_, rows)| *rows > 0);
                read.sort_unstable();
                assert_eq!(read, there, "{home}");
                seen.extend(read.into_iter().map(|(bucket, _)| bucket));
                inner(tx)
            })
            .unwrap();
    }
    seen
}
