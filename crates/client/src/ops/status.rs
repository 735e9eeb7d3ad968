//! Where this vault stands.

use std::collections::BTreeSet;

use watchfire_protocol::charter::Expiry;
use watchfire_protocol::id::{Epoch, NeighborhoodId};
use watchfire_protocol::phrase::{PhraseLanguage, word};
use watchfire_protocol::time::{HOUR, Timestamp};
use watchfire_protocol::verdict::Confirmation;

use crate::charters::ForkView;
use crate::client::{Client, hood_name, opener_name};
use crate::epochs::known_announcements;
use crate::error::ClientError;
use crate::notice::Notices;
use crate::ops::answer::HelpView;
use crate::ops::desk::DroppedReports;
use crate::ops::made::Untrue;
use crate::relays::RelayView;
use crate::renewals::clones;
use crate::route::Proxy;
use crate::state::{EpochState, Hood, Missing, StoredClone};
use crate::trouble::{DutyTrouble, trouble_of};
use crate::vault::Bucket;

/// One neighborhood in `status`.
#[derive(Clone, Debug)]
pub struct HoodStatus {
    /// Its id.
    pub id: NeighborhoodId,
    /// Its name.
    pub name: String,
    /// The newest epoch with keys here.
    pub epoch: Epoch,
    /// Four words of its announcement's hash: whoever hears the same four is in the same epoch.
    pub epoch_words: [[String; 4]; 2],
    /// Whether another coordinator confirmed the charter and the epoch lately.
    pub fresh: bool,
    /// When that was.
    pub confirmed_at: Option<Timestamp>,
    /// Whether this vault holds the coordinators' keys here.
    pub coordinator: bool,
    /// Whether the phrase was confirmed.
    pub confirmed: bool,
    /// Why there are no keys of the newest epoch.
    pub missing: Option<Missing>,
    /// Who opened the epoch that has none: a handle, or an id.
    pub missing_by: Option<String>,
    /// When the relay was last read to its tail.
    pub synced: Timestamp,
    /// Whether the clock is in doubt.
    pub clock_in_doubt: bool,
    /// How many things are kept aside.
    pub held: usize,
    /// What the relay keeps back, as far as it is noticed.
    pub notices: Notices,
    /// For a coordinator: members whose identity is in use on two devices.
    pub clones: Vec<StoredClone>,
    /// For a coordinator: since when something that is due fails, and why.
    pub trouble: Option<DutyTrouble>,
}

/// What `status` tells.
#[derive(Clone, Debug)]
pub struct Status {
    /// The network's name, as far as it is known.
    pub network: String,
    /// This person's handle.
    pub handle: String,
    /// The neighborhoods.
    pub hoods: Vec<HoodStatus>,
    /// Neighborhoods whose approval is awaited.
    pub joining: usize,
    /// The charter's version.
    pub charter_version: u64,
    /// When it expires.
    pub charter_expires: Timestamp,
    /// Whether that is soon, or past.
    pub expiry: Expiry,
    /// Charter versions that exist twice.
    pub forks: Vec<ForkView>,
    /// Since when a charter is known that only a newer program reads.
    pub newer_charter: Option<Timestamp>,
    /// How many things wait to be sent.
    pub queued: usize,
    /// For a coordinator: who asks for help.
    pub help: Vec<HelpView>,
    /// For a coordinator: the alerts that are out though a report that they were made of was found not to be so.
    pub untrue: Vec<Untrue>,
    /// For a coordinator: whose reports had to go because newer ones of theirs came.
    pub dropped: Vec<DroppedReports>,
    /// The relays of the charter, in order, and which of them answer.
    pub relays: Vec<RelayView>,
    /// Through what all connections go.
    pub proxy: Option<Proxy>,
}

impl Client {
    /// Where this vault stands, without asking a relay.
    ///
    /// # Errors
    /// It is in no network, or the disk refuses.
    pub fn status(&self) -> Result<Status, ClientError> {
        let (profile, charters, now) = (self.profile()?, self.charters()?, self.now());
        let (newest, rights) = (charters.newest(), charters.rights());
        let held = self.held(None)?;
        let mut hoods = self.read(|tx| {
            let mut out = Vec::new();
            for hood in Hood::all(tx)? {
                let epoch = EpochState::load(tx, hood.id, hood.epoch)?;
                let known = known_announcements(tx, &hood)?;
                let coordinator = epoch.as_ref().is_some_and(|epoch| epoch.keys(hood.place()).coordinator.is_some());
                let own = profile.device_key(&rights, hood.id, "").ok();
                let own: BTreeSet<_> = own.and_then(|key| rights.coordinator_of(&key.public())).into_iter().collect();
                let other = |c: &Confirmation| {
                    let who = rights.any_right(&c.signer, hood.id, c.at);
                    who.is_some_and(|who| !own.contains(&who))
                };
                let confirmed_at = tx
                    .list::<Confirmation>(Bucket::Confirmation, &hood.id.0)?
                    .into_iter()
                    .map(|(_, c)| c)
                    .filter(|c| c.charter == newest.hash() && charters.held_set(&c.restrictions))
                    .filter(|c| known.contains(&c.announcement) && other(c))
                    .map(|c| c.at)
                    .max();
                let hours = newest.neighborhood(hood.id).map_or(0, |terms| u64::from(terms.freshness_hours));
                let recent = |at: Timestamp| at.plus(hours * HOUR) >= now;
                let others = rights.others_granted(hood.id, &own, now);
                let fresh = confirmed_at.is_some_and(recent) || recent(newest.body().issued) || !others;
                out.push(HoodStatus {
                    id: hood.id,
                    name: hood_name(tx, hood.id)?,
                    epoch: hood.epoch,
                    epoch_words: [PhraseLanguage::English, PhraseLanguage::Spanish]
                        .map(|language| epoch_words(&hood.announcement.0, language)),
                    // What is here is the end of it, however lately it was confirmed.
                    fresh: fresh && hood.missing.is_none(),
                    confirmed_at,
                    coordinator,
                    confirmed: hood.confirmed,
                    missing: hood.missing,
                    missing_by: match &hood.missing {
                        Some(Missing::Removed { by }) => Some(opener_name(tx, &charters, hood.id, by)?),
                        _ => None,
                    },
                    synced: hood.synced,
                    clock_in_doubt: hood.clock_in_doubt,
                    clones: clones(tx, &hood)?,
                    trouble: trouble_of(tx, hood.id)?.filter(|_| coordinator),
                    held: held.iter().filter(|view| view.hood == hood.id).count(),
                    notices: Notices::default(),
                });
            }
            Ok(out)
        })?;
        for hood in &mut hoods {
            hood.notices = self.notices(hood.id)?;
        }
        let network = match hoods.first() {
            Some(hood) if profile.network_name.is_empty() => {
                self.names(hood.id)?.map(|names| names.network).unwrap_or_default()
            }
            _ => profile.network_name.clone(),
        };
        Ok(Status {
            relays: self.read(|tx| self.relay_views(tx))?,
            proxy: self.proxy().cloned(),
            network,
            handle: profile.handle,
            joining: self.joining()?.len(),
            hoods,
            charter_version: newest.version(),
            charter_expires: newest.body().expires,
            expiry: newest.expiry(now),
            forks: self.forks()?,
            newer_charter: self.newer_charter()?,
            queued: self.queued()?,
            help: self.calls_for_help()?,
            untrue: self.untrue_alerts()?,
            dropped: self.dropped_reports()?,
        })
    }
}

/// The first 44 bits of an announcement's hash, as four words.
fn epoch_words(hash: &[u8; 32], language: PhraseLanguage) -> [String; 4] {
    let [a, b, c, d, e, f, ..] = *hash;
    let bits = u64::from_be_bytes([0, 0, a, b, c, d, e, f]) >> 4;
    [33, 22, 11, 0].map(|shift| word(usize::try_from((bits >> shift) & 0x7ff).unwrap_or(0), language).to_owned())
}
