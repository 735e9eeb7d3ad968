//! What every coordinator's client does whenever it is connected: bring back what a relay lost, show a sign of life,
//! add slots that are missing, approve what was handed over in person.

use std::time::Duration;

use rand_core::Rng as _;
use watchfire_protocol::alert::{AlertBody, AlertsItem, Beacon, Head, MAX_HEADS};
use watchfire_protocol::announcement::Announcement;
use watchfire_protocol::charter::{Charter, Revocation, Right};
use watchfire_protocol::frame::{Refusal, Request};
use watchfire_protocol::id::{CoordinatorId, Epoch, InviteId, NeighborhoodId, sha256_16};
use watchfire_protocol::invite::InviteSecret;
use watchfire_protocol::record::Channel;
use watchfire_protocol::roster::{EVIDENCE_EPOCHS, Event, EventBody, Roster, RosterInvite};
use watchfire_protocol::time::{DAY, HOUR, Timestamp};
use watchfire_protocol::verdict::{Confirmation, HeldReason, Verdict};
use watchfire_protocol::wire::{self, Extensions};

use crate::client::Client;
use crate::directs::unsend;
use crate::epochs::{load_roster, newest_announcement, roster_before, stepped_since};
use crate::error::ClientError;
use crate::fold::{enrollers, put_back_left_out};
use crate::link::Link;
use crate::net::Connection;
use crate::open::Why;
use crate::outbox::acked_name;
use crate::records::{judge_claim, read_claim};
use crate::relays::AtRelay;
use crate::state::{
    self, Hood, Queued, StoredAlert, StoredCoSign, StoredDue, StoredEvent, co_sign_name, epoch_name, name,
};
use crate::vault::{Bucket, Tx};

/// After so long without its opener an epoch without slots is followed by another, in seconds.
pub(crate) const OBJECTS_WAIT: u64 = 600;
/// So long does a coordinator who could not read the newest roster leave openings to others, in seconds.
const ROSTER_WAIT: u64 = DAY;
/// An epoch lasts so long: a week, in seconds.
const EPOCH_LIFE: u64 = 7 * DAY;
/// So long after a removal others open the next epoch, in seconds: whoever removed somebody does it at once.
const REMOVAL_WAIT: u64 = 120;
/// A beacon is due when the newest by another coordinator is older than this, in seconds, give or take the spread.
const OTHERS_BEACON: u64 = 6 * HOUR;
/// By how much the coordinators' beacons are spread, in seconds: one of them speaks first, and the others need not.
const SPREAD: u64 = HOUR;
/// A beacon is due when the own one is older than this.
const OWN_BEACON: u64 = 20 * HOUR;

impl Client {
    /// Does what is due. Leaves the link stale if it opened an epoch.
    pub(crate) async fn duties(&self, link: &mut Link) -> Result<(), ClientError> {
        if self.objects_are_lost(link)? && self.may(link.hood, Right::Enroll)? {
            return self.reopen(link).await;
        }
        self.put_back(link)?;
        let mut unable = None;
        if let Some(why) = self.opening_due(link).await? {
            match self.require_opening(link) {
                Ok(()) => return self.open_unless_raced(link, why).await,
                // Everything else is done with the keys there are.
                away => unable = away.err(),
            }
        }
        // What a relay of another version does not know, it knows tomorrow: everything else is due today.
        let mut other_version = |done: Result<(), ClientError>| match done {
            Err(error) if error.is_of_another_version() => {
                unable = Some(error);
                Ok(())
            }
            done => done,
        };
        other_version(self.bring_back(link).await)?;
        other_version(self.send_directs(link).await)?;
        other_version(self.describe_members(link).await)?;
        other_version(self.end_invites(link).await)?;
        other_version(self.approve_automatic(link).await)?;
        other_version(self.repair_slots(link).await)?;
        other_version(self.post_beacon(link).await)?;
        unable.map_or(Ok(()), Err)
    }

    /// Opens the next epoch because the slots of this one are lost.
    async fn reopen(&self, link: &mut Link) -> Result<(), ClientError> {
        self.open_unless_raced(link, Why::Wanted).await?;
        let now = self.now();
        self.vault.transact(|tx| {
            let mut hood = Hood::load(tx, link.hood)?;
            hood.reopened = Some(now);
            hood.save(tx)
        })
    }

    /// Opens the next epoch, or follows whoever was faster.
    async fn open_unless_raced(&self, link: &mut Link, why: Why) -> Result<(), ClientError> {
        match Box::pin(self.open_for(link, why)).await {
            Err(ClientError::Refused(Refusal::Stale { .. })) => {
                link.stale = true;
                Ok(())
            }
            done => done,
        }
    }

    /// Puts those back on the roster whom the opener of this epoch left out. The log was read to its tail.
    pub(crate) fn put_back(&self, link: &Link) -> Result<(), ClientError> {
        let (charters, now) = (self.charters()?, self.now());
        self.vault.transact(|tx| {
            let hood = Hood::load(tx, link.hood)?;
            let Some(earlier) = roster_before(tx, &hood, link.epoch)? else { return Ok(()) };
            // After so long the events by which people were removed are on no snapshot any more.
            if earlier.context().epoch.0 + EVIDENCE_EPOCHS >= link.epoch.0 {
                put_back_left_out(tx, &hood, &charters, &earlier, now)?;
            }
            Ok(())
        })
    }

    /// Whether the next epoch is to be opened now, and whether on schedule.
    async fn opening_due(&self, link: &mut Link) -> Result<Option<Why>, ClientError> {
        let now = self.now();
        let (announcement, due, holds) = self.read(|tx| {
            let place = Hood::load(tx, link.hood)?.place();
            let due: Option<StoredDue> = tx.get(Bucket::Due, &epoch_name(link.hood, link.epoch))?;
            let holds = load_roster(tx, link.hood, place, link.epoch)?.is_some();
            Ok((newest_announcement(tx, link.hood)?, due, holds))
        })?;
        let Some(announcement) = announcement.filter(|newest| newest.epoch() == link.epoch && holds) else {
            return Ok(None);
        };
        if !self.may(link.hood, Right::Enroll)? {
            return Ok(None);
        }
        if due.as_ref().is_some_and(|due| due.own) {
            return Ok(Some(Why::Wanted));
        }
        if self.leaves_it_to_others(link.hood, link.epoch)? {
            return Ok(None);
        }
        if due.is_some_and(|due| due.since.plus(REMOVAL_WAIT) <= now) {
            return Ok(Some(Why::Wanted));
        }
        if self.is_revoked_since(&announcement)? || self.names_are_due(&announcement)? {
            return Ok(self.was_patient(link).await?.then_some(Why::Wanted));
        }
        let weekly = announcement.keys().opened_at.plus(EPOCH_LIFE) <= now && !self.is_alert_active(link.hood)?;
        Ok(weekly.then_some(Why::Scheduled))
    }

    /// Whether the names changed since an epoch was opened, and are here: they reach members with the next one.
    fn names_are_due(&self, announcement: &Announcement) -> Result<bool, ClientError> {
        let (charters, keys) = (self.charters()?, announcement.keys());
        let names = |charter: &Charter| charter.neighborhood(keys.neighborhood).map(|terms| terms.names);
        let newest = names(charters.newest());
        let opened_with = charters.by_hash(&keys.charter).and_then(names);
        let held = self.read(|tx| state::names(tx, keys.neighborhood))?.map(|names| names.commitment());
        Ok(newest.is_some() && opened_with != newest && held == newest)
    }

    /// Whether somebody was revoked here since an epoch was opened: its opener did not know.
    fn is_revoked_since(&self, announcement: &Announcement) -> Result<bool, ClientError> {
        let (charters, keys) = (self.charters()?, announcement.keys());
        let here = |charter: &Charter| -> Vec<Revocation> {
            let all = charter.body().revocations.iter();
            all.filter(|revocation| revocation.neighborhood == keys.neighborhood).cloned().collect()
        };
        let known = charters.by_hash(&keys.charter).map(here).unwrap_or_default();
        let restricted = keys.restrictions != charters.restrictions_hash()
            && charters.restrictions().iter().any(|restriction| {
                restriction.body().entries.iter().any(|entry| entry.neighborhood == keys.neighborhood)
            });
        Ok(restricted || here(charters.newest()).iter().any(|revocation| !known.contains(revocation)))
    }

    /// Waits as long as this client is to, and tells whether nobody else was faster.
    async fn was_patient(&self, link: &mut Link) -> Result<bool, ClientError> {
        let most = u64::try_from(self.patience().as_millis()).unwrap_or(u64::MAX);
        if most > 0 {
            let wait = Duration::from_millis(rand::rng().next_u64() % most);
            tokio::time::sleep(wait).await;
            let place = self.read(|tx| Hood::load(tx, link.hood))?.place();
            link.stale |= self.standing(&mut link.connection, place).await?.epoch != link.epoch;
        }
        Ok(!link.stale)
    }

    /// Whether an alert is going on: keys are not turned under people who are out.
    fn is_alert_active(&self, hood: NeighborhoodId) -> Result<bool, ClientError> {
        let now = self.now();
        self.read(|tx| {
            let alerts: Vec<(Vec<u8>, StoredAlert)> = tx.list(Bucket::Alert, &hood.0)?;
            Ok(alerts.iter().any(|(_, alert)| alert.expires > now))
        })
    }

    /// Ends the invites that a distrusted key made.
    async fn end_invites(&self, link: &mut Link) -> Result<(), ClientError> {
        if !self.may(link.hood, Right::Enroll)? {
            return Ok(());
        }
        let charters = self.charters()?;
        let place = self.read(|tx| Hood::load(tx, link.hood))?.place();
        let roster = self.read(|tx| load_roster(tx, link.hood, place, link.epoch))?;
        let distrusted = |invite: &RosterInvite| {
            charters.rights().is_distrusted(&invite.created_by, link.hood, Epoch(u64::MAX)).then_some(invite.id)
        };
        let ended: Vec<InviteId> = roster.iter().flat_map(|r| r.invites().values()).filter_map(distrusted).collect();
        if ended.is_empty() {
            return Ok(());
        }
        let events = ended.iter().map(|invite| Event::EndInvite { invite: *invite }).collect();
        self.roster_events(link, events, |_| Ok(())).await?;
        self.withdraw_at(link, place, &ended).await
    }

    /// Whether the next epoch is to be opened because the slots of this one are gone: at once by whoever opened it, and
    /// after a while by anybody. Others may not have read of every approval yet, and would leave people out. A relay
    /// that says so again and again gets no epoch each time.
    fn objects_are_lost(&self, link: &Link) -> Result<bool, ClientError> {
        // Other relays get them from the first one, or with the next epoch.
        if self.opening_relay()?.key != link.relay.key {
            return Ok(false);
        }
        let now = self.now();
        let (waited, reopened, opener) = self.vault.transact(|tx| {
            let mut hood = Hood::load(tx, link.hood)?;
            hood.incomplete_since = if link.complete { None } else { hood.incomplete_since.or(Some(now)) };
            hood.save(tx)?;
            let long_ago = |at: Timestamp| at.plus(OBJECTS_WAIT) < now;
            let opener = newest_announcement(tx, link.hood)?.map(|announcement| announcement.signer());
            let reopened = hood.reopened.is_some_and(|at| !long_ago(at));
            Ok::<_, ClientError>((hood.incomplete_since.is_some_and(long_ago), reopened, opener))
        })?;
        if link.complete || reopened {
            return Ok(false);
        }
        let own = self.device_key(link.hood, "").ok().map(|key| key.public());
        Ok((opener.is_some() && opener == own) || (waited && !self.leaves_it_to_others(link.hood, link.epoch)?))
    }

    /// Whether this client opens nothing by itself: it could not read the roster that the newest announcement signed, so
    /// that somebody who was removed may be on its own, and another coordinator can. Not for ever: others may be away.
    pub(crate) fn leaves_it_to_others(&self, hood: NeighborhoodId, epoch: Epoch) -> Result<bool, ClientError> {
        let (charters, now) = (self.charters()?, self.now());
        let since = self.read(|tx| stepped_since(tx, hood, epoch))?;
        let own = self.device_key(hood, "").ok().and_then(|key| charters.rights().coordinator_of(&key.public()));
        let others = enrollers(&charters.rights(), hood, now).into_iter().any(|other| Some(other) != own);
        Ok(others && since.is_some_and(|since| now < since.plus(ROSTER_WAIT)))
    }

    /// Appends again whatever unexpired alert, roster event, report or desk event this relay does not have, sealed anew,
    /// and registers the invites that it is not known to have.
    pub(crate) async fn bring_back(&self, link: &mut Link) -> Result<(), ClientError> {
        // The others may have it.
        let others = std::mem::take(&mut link.others);
        let brought = self.bring_here(link).await;
        link.others = others;
        brought
    }

    async fn bring_here(&self, link: &mut Link) -> Result<(), ClientError> {
        if link.relay_lost {
            let (relay, now) = (link.connection.relay(), self.now());
            self.read(|tx| unsend(tx, link.hood, &relay, now))?;
        }
        for content in self.absent_alerts(link)? {
            self.append(link, Channel::Alerts, &content).await?;
        }
        for content in self.absent_signatures(link)? {
            self.append(link, Channel::Alerts, &content).await?;
        }
        for content in self.absent_events(link)? {
            self.append(link, Channel::Roster, &content).await?;
        }
        for (channel, content) in self.absent_from_desk(link)? {
            self.append(link, channel, &content).await?;
        }
        self.bring_invites(link).await
    }

    /// Registers the invites at a relay that began anew, or that is not known to have them.
    pub(crate) async fn bring_invites(&self, link: &Link) -> Result<(), ClientError> {
        let (now, relay) = (self.now(), &link.relay.key);
        let (roster, mut known) = self.read(|tx| {
            let place = Hood::load(tx, link.hood)?.place();
            Ok((load_roster(tx, link.hood, place, link.epoch)?, AtRelay::load(tx, link.hood, relay)?.invites))
        })?;
        if link.relay_lost {
            known.clear();
        }
        let Some(roster) = roster.filter(|_| self.may(link.hood, Right::Enroll).unwrap_or(false)) else {
            return Ok(());
        };
        let open: Vec<&RosterInvite> = roster.invites().values().filter(|invite| invite.expires > now).collect();
        if open.iter().all(|invite| known.contains(&invite.id)) {
            return Ok(());
        }
        let mut connection = self.device_connection(&link.relay, roster.context().place).await?;
        for invite in open.iter().filter(|invite| !known.contains(&invite.id)) {
            register_invite(&mut connection, &roster, invite).await?;
        }
        connection.close().await;
        let there: Vec<InviteId> = open.iter().map(|invite| invite.id).collect();
        self.vault.transact(|tx| {
            let at = AtRelay { invites: there, ..AtRelay::load(tx, link.hood, relay)? };
            at.save(tx, link.hood, relay)
        })
    }

    fn absent_alerts(&self, link: &Link) -> Result<Vec<Vec<u8>>, ClientError> {
        let (charters, now, relay) = (self.charters()?, self.now(), link.connection.relay());
        self.read(|tx| {
            let hood = Hood::load(tx, link.hood)?;
            let queued: Vec<(Vec<u8>, Queued)> = tx.list(Bucket::Outbox, b"")?;
            let mut out = Vec::new();
            for (_, stored) in tx.list::<StoredAlert>(Bucket::Alert, &link.hood.0)? {
                // In an epoch whose slots are lost it is not there for those who were away.
                let there = stored.seen_at.contains(&relay) && stored.record_epoch != hood.lost;
                if stored.expires <= now || there {
                    continue;
                }
                let Some(claim) = read_claim(&stored.signed) else { continue };
                let id = claim.id(&hood.place());
                let waiting =
                    queued.iter().any(|(_, queued)| matches!(queued, Queued::Alert { id: other, .. } if *other == id));
                // With every signature that is known here, and where it waits for more of them as well.
                let claim = match judge_claim(tx, &hood, &charters, now, &stored.arrival(), claim)? {
                    Verdict::Shown(shown) => shown.signed().clone(),
                    Verdict::Held(held) if matches!(held.reason(), HeldReason::BelowQuorum { .. }) => held.into_claim(),
                    Verdict::Held(_) => continue,
                };
                if !waiting && !link.acked.contains(&id.0) {
                    out.push(AlertsItem::Alert(claim).to_bytes());
                }
            }
            Ok(out)
        })
    }

    /// Signatures that this relay does not have, under alerts that it has.
    fn absent_signatures(&self, link: &Link) -> Result<Vec<Vec<u8>>, ClientError> {
        let (now, relay) = (self.now(), link.connection.relay());
        self.read(|tx| {
            let place = Hood::load(tx, link.hood)?.place();
            let queued: Vec<(Vec<u8>, Queued)> = tx.list(Bucket::Outbox, b"")?;
            let mut out = Vec::new();
            for (_, stored) in tx.list::<StoredAlert>(Bucket::Alert, &link.hood.0)? {
                let Some(claim) = read_claim(&stored.signed).filter(|_| stored.expires > now) else { continue };
                if !stored.seen_at.contains(&relay) {
                    continue;
                }
                let alert = claim.id(&place);
                for (_, kept) in tx.list::<StoredCoSign>(Bucket::CoSign, &name(link.hood, &alert.0))? {
                    let own = co_sign_name(&alert, &kept.signature);
                    let waiting =
                        queued.iter().any(|(_, queued)| matches!(queued, Queued::CoSign { name, .. } if *name == own));
                    let there = kept.seen_at.contains(&relay) || link.acked.contains(&acked_name(&own));
                    if !waiting && !there && claim.valid_signatures(&place).any(|good| *good == kept.signature) {
                        out.push(AlertsItem::CoSign { alert, signature: kept.signature }.to_bytes());
                    }
                }
            }
            Ok(out)
        })
    }

    fn absent_events(&self, link: &Link) -> Result<Vec<Vec<u8>>, ClientError> {
        let relay = link.connection.relay();
        self.read(|tx| {
            let hood = Hood::load(tx, link.hood)?;
            let queued: Vec<(Vec<u8>, Queued)> = tx.list(Bucket::Outbox, b"")?;
            let mut out = Vec::new();
            for (_, stored) in tx.list::<StoredEvent>(Bucket::RosterEvent, &link.hood.0)? {
                let id = crate::records::event_id(&stored.event);
                let waiting =
                    queued.iter().any(|(_, queued)| matches!(queued, Queued::Roster { event, .. } if *event == id));
                let current = EventBody::open(&stored.event, &hood.place()).is_ok_and(|body| body.epoch == link.epoch);
                if current && !waiting && !link.acked.contains(&id.0) && !stored.seen_at.contains(&relay) {
                    out.push(wire::encode(&stored.event));
                }
            }
            Ok(out)
        })
    }

    async fn post_beacon(&self, link: &mut Link) -> Result<(), ClientError> {
        let charters = self.charters()?;
        let now = self.now();
        let Ok(key) = self.device_key(link.hood, "") else { return Ok(()) };
        let Some(own) = charters.rights().any_right(&key.public(), link.hood, now) else { return Ok(()) };
        let (hood, announcement, confirmations, heads) = self.read(|tx| {
            let confirmations: Vec<(Vec<u8>, Confirmation)> = tx.list(Bucket::Confirmation, &link.hood.0)?;
            let hood = Hood::load(tx, link.hood)?;
            let heads = heads(tx, &hood, now)?;
            Ok((hood, newest_announcement(tx, link.hood)?, confirmations, heads))
        })?;
        let Some(announcement) = announcement else { return Ok(()) };
        let rights = charters.rights();
        let newest = |mine: bool| {
            let by = |c: &&Confirmation| (rights.coordinator_of(&c.signer) == Some(own)) == mine;
            confirmations.iter().map(|(_, c)| c).filter(by).max_by_key(|c| c.at)
        };
        let (charter, restrictions) = (charters.newest().hash(), charters.restrictions_hash());
        let view = (charter, restrictions, announcement.hash());
        let current = newest(true).is_some_and(|c| (c.charter, c.restrictions, c.announcement) == view);
        let age = |confirmation: Option<&Confirmation>| confirmation.map_or(u64::MAX, |c| now.since(c.at));
        let wait = others_wait(own, newest(false));
        let quiet = age(newest(false)) > wait && age(newest(true)) > wait;
        if current && age(newest(true)) <= OWN_BEACON && !quiet {
            return Ok(());
        }
        let beacon = Beacon {
            time: now,
            charter_version: charters.newest().version(),
            charter,
            restrictions,
            announcement: announcement.hash(),
            heads,
            extensions: Extensions::default(),
        };
        let content = AlertsItem::Beacon(beacon.sign(&hood.place(), &key)).to_bytes();
        self.append(link, Channel::Alerts, &content).await?;
        let (signer, announcement) = (key.public(), beacon.announcement);
        let confirmation = Confirmation { signer, at: now, charter, restrictions, announcement };
        self.vault.transact(|tx| crate::epochs::keep_confirmation(tx, link.hood, confirmation, now))
    }
}

/// How old the newest sign of life by others may be before this coordinator gives one. It differs between coordinators
/// and from time to time, and is the same whenever it is asked: a desk that looks every minute would soon draw the
/// shortest.
fn others_wait(own: CoordinatorId, newest: Option<&Confirmation>) -> u64 {
    let at = newest.map_or(0, |newest| newest.at.0);
    let [a, b, ..] = sha256_16(&[&own.0, &at.to_be_bytes()]);
    OTHERS_BEACON - SPREAD + u64::from(u16::from_be_bytes([a, b])) % (2 * SPREAD + 1)
}

/// The newest unexpired alerts that this vault has seen at a relay.
pub(crate) fn heads(tx: &Tx<'_>, hood: &Hood, now: Timestamp) -> Result<Vec<Head>, ClientError> {
    let stored = tx.list::<StoredAlert>(Bucket::Alert, &hood.id.0)?.into_iter().map(|(_, stored)| stored);
    let mut heads: Vec<((Timestamp, Timestamp), Head)> = stored
        .filter(|stored| stored.expires > now && !stored.seen_at.is_empty())
        .filter_map(|stored| {
            let claim = read_claim(&stored.signed)?;
            let sent = wire::decode_body::<AlertBody>(&claim.body).ok()?.sent;
            let (alert, epoch, hour) = (claim.id(&hood.place()), stored.record_epoch, stored.record_hour);
            Some(((stored.received, sent), Head { alert, epoch, hour, expires: stored.expires }))
        })
        .collect();
    heads.sort_by_key(|(newest, _)| std::cmp::Reverse(*newest));
    Ok(heads.into_iter().map(|(_, head)| head).take(MAX_HEADS).collect())
}

/// Makes an invite, or each card of a batch, known to the relay, for the uses that are left.
pub(crate) async fn register_invite(
    connection: &mut Connection,
    roster: &Roster,
    invite: &RosterInvite,
) -> Result<(), ClientError> {
    let place = roster.context().place;
    let cards: Vec<RosterInvite> = roster.cards(&invite.id).filter_map(|(_, card)| roster.invite(&card)).collect();
    let each = if invite.cards == 0 { std::slice::from_ref(invite) } else { &cards };
    for RosterInvite { id, secret, uses, expires, .. } in each {
        let used = u32::try_from(roster.uses(id)).unwrap_or(u32::MAX);
        let uses = u32::from(*uses).saturating_sub(used);
        if uses > 0 {
            let key = InviteSecret::new(secret.clone()).key(&place).public();
            let request = Request::RegisterInvite { id: *id, key, uses, expires: *expires };
            patiently(connection, request).await?;
        }
    }
    Ok(())
}

/// Asks, and asks again whenever the relay wants to be given time.
pub(crate) async fn patiently(connection: &mut Connection, request: Request) -> Result<(), ClientError> {
    loop {
        match connection.done(request.clone()).await {
            Err(ClientError::Refused(Refusal::SlowDown { seconds })) => {
                tokio::time::sleep(Duration::from_secs(u64::from(seconds.clamp(1, 30)))).await;
            }
            done => return done,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use watchfire_protocol::id::{AnnouncementHash, CharterHash, RestrictionsHash};
    use watchfire_protocol::secret::Secret32;
    use watchfire_protocol::sign::SecretKey;

    use super::*;

    #[test]
    fn coordinators_beacons_are_spread_over_two_hours_and_each_keeps_to_its_own_time() {
        let newest = |at| Confirmation {
            signer: SecretKey::from_seed(&Secret32::new([9; 32])).public(),
            at: Timestamp(at),
            charter: CharterHash::ZERO,
            restrictions: RestrictionsHash::ZERO,
            announcement: AnnouncementHash::ZERO,
        };
        let wait = |who: u8, at| others_wait(CoordinatorId([who; 16]), Some(&newest(at)));
        let waits: BTreeSet<u64> = (0..50).map(|who| wait(who, 1000)).collect();
        assert!(waits.len() > 40);
        assert!(waits.iter().all(|wait| (5 * HOUR..=7 * HOUR).contains(wait)));
        assert_eq!(wait(1, 1000), wait(1, 1000));
        assert_ne!(wait(1, 1000), wait(1, 1001));
    }
}
