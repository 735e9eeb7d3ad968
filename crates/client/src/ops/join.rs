//! Joining: from a link to a membership, and the words that confirm it.

use std::time::Duration;

use rand_core::Rng as _;
use watchfire_protocol::announcement::{Announcement, SignedAnnouncement};
use watchfire_protocol::branch::Branches;
use watchfire_protocol::charter::CharterError;
use watchfire_protocol::frame::{Prover, Refusal, Reply, Request};
use watchfire_protocol::history::CharterHistory;
use watchfire_protocol::id::{AnnouncementHash, Epoch, MemberId, NeighborhoodId, RequestHash};
use watchfire_protocol::invite::{CharterKeyClaim, InviteLink, InviteSecret, JoinRequest, neighborhood_of};
use watchfire_protocol::kdf::Place;
use watchfire_protocol::phrase::{Half, Phrase, PhraseLanguage};
use watchfire_protocol::record::seal_join;
use watchfire_protocol::roster::Offer;
use watchfire_protocol::seal::KemSecretKey;
use watchfire_protocol::secret::Secret32;
use watchfire_protocol::sign::SecretKey;
use watchfire_protocol::slot::SlotSecret;
use watchfire_protocol::time::{Hour, Timestamp};
use watchfire_protocol::vocabulary::{Code, Language};
use watchfire_protocol::wire::{self, Extensions};

use super::network::check_name;
use crate::charters::fetch_charters;
use crate::client::Client;
use crate::epochs::{judge_announcement, keep_announcement};
use crate::error::ClientError;
use crate::fetch::{Found, fetch_announcements, find_slot};
use crate::net::Connection;
use crate::route::Errand;
use crate::state::{Hood, Joining, Profile};
use crate::vault::Bucket;

/// How somebody wants to join.
#[derive(Clone, Debug)]
pub struct JoinTerms {
    /// What they want to be called.
    pub handle: String,
    /// BCP 47 tags.
    pub languages: Vec<String>,
    /// Roles that they offer.
    pub roles: Vec<Code>,
}

/// Where a join is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JoinState {
    /// It waits for a coordinator.
    Waiting,
    /// The keys are here.
    Member,
}

/// What `join` tells.
#[derive(Clone, Debug)]
pub struct JoinView {
    /// The neighborhood.
    pub hood: NeighborhoodId,
    /// The request.
    pub request: RequestHash,
    /// The three words to read aloud, in English and in Spanish.
    pub say: [[String; 3]; 2],
    /// Where it is.
    pub state: JoinState,
}

/// Both halves of a phrase, in English and in Spanish.
pub(crate) fn phrase_words(phrase: &Phrase, half: Half) -> [[String; 3]; 2] {
    [PhraseLanguage::English, PhraseLanguage::Spanish].map(|language| phrase.words(half, language).map(str::to_owned))
}

impl Client {
    /// Begins to join by a link: finds the network, checks that it is the one that the link names, and appends a
    /// sealed request.
    ///
    /// # Errors
    /// The link, the relay or the charter do not fit together, or no relay answers.
    pub async fn join(&self, link: &InviteLink, terms: &JoinTerms) -> Result<JoinView, ClientError> {
        if let Some(pending) = self.joining_by(link)? {
            return self.continue_join(pending.hood).await;
        }
        let handle = check_name("a handle", &terms.handle)?;
        let url = link.url();
        // Its key is not known yet, so it is asked for charters only.
        let mut connection = Box::pin(Connection::open(&self.route, &url, None, Errand::Inbox, None)).await?;
        let network = match Self::find_network(&mut connection, link.charter).await {
            Err(ClientError::Refused(Refusal::NotFound)) => {
                return Err(ClientError::Untrusted("it does not know the network of this link".to_owned()));
            }
            other => other?,
        };
        let chain = fetch_charters(&mut connection, network, 1).await?;
        let charters = judge_link(link, &chain)?;
        if charters.newest().relay_with_key(&connection.relay()).is_none() {
            return Err(ClientError::WrongRelay { url, found: Box::new(connection.relay()) });
        }
        match self.profile() {
            Ok(profile) if profile.network != charters.network() => return Err(ClientError::HasNetwork),
            Ok(_) => self.take_shown(&chain).map(|_| ())?,
            Err(ClientError::NoNetwork) => self.enter(&charters, &chain, &handle)?,
            Err(error) => return Err(error),
        }
        let charters = self.charters()?;
        let all = charters.newest().body().neighborhoods.iter().map(|terms| terms.id);
        let hood = neighborhood_of(link, all)
            .ok_or_else(|| ClientError::Untrusted("its charter has no neighborhood that the link names".to_owned()))?;
        self.refuse_if_closed(hood)?;
        if self.read(|tx| Ok(tx.get::<Hood>(Bucket::Hood, &hood.0)?.is_some()))? {
            return Err(ClientError::Invalid("this vault is a member of that neighborhood already".to_owned()));
        }
        let place = Place { network: charters.network(), neighborhood: hood };
        let announcement = current(&mut connection, &charters, place).await?;
        let pending = self.make_request(link, &url, terms, &handle, &announcement)?;
        let languages = terms.languages.iter().filter_map(|tag| Language::new(tag).ok()).collect();
        let offer = Offer { at: self.now(), roles: terms.roles.clone(), languages };
        self.vault.transact(|tx| {
            tx.put(Bucket::OwnOffer, &hood.0, &offer)?;
            tx.put(Bucket::Joining, &hood.0, &pending)
        })?;
        connection.close().await;
        // An epoch that opens between looking and asking makes the request another one; it cannot go on for ever.
        for _ in 0..4 {
            match self.continue_join(hood).await {
                Err(ClientError::Refused(Refusal::ClosedEpoch { .. })) => {}
                other => return other,
            }
        }
        Err(ClientError::Raced)
    }

    fn joining_by(&self, link: &InviteLink) -> Result<Option<Joining>, ClientError> {
        self.read(|tx| {
            let all: Vec<(Vec<u8>, Joining)> = tx.list(Bucket::Joining, b"")?;
            Ok(all.into_iter().map(|(_, joining)| joining).find(|j| j.invite_secret == *link.secret.secret()))
        })
    }

    /// The neighborhoods whose approval, or whose confirmation, this vault waits for.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn joining(&self) -> Result<Vec<NeighborhoodId>, ClientError> {
        self.read(|tx| {
            let all: Vec<(Vec<u8>, Joining)> = tx.list(Bucket::Joining, b"")?;
            Ok(all.into_iter().map(|(_, joining)| joining.hood).collect())
        })
    }

    /// Enters a network whose charters were judged. Of what was shown or carried, nothing else is kept: not what a newer
    /// program made, and nothing twice.
    pub(crate) fn enter(
        &self,
        charters: &CharterHistory,
        shown: &[watchfire_protocol::charter::SignedCharter],
        handle: &str,
    ) -> Result<(), ClientError> {
        self.vault.transact(|tx| {
            for signed in shown {
                if let Some(judged) = charters.by_hash(&signed.hash()) {
                    tx.put(Bucket::Charter, &judged.version().to_be_bytes(), &signed.to_bytes())?;
                }
            }
            Profile::entering(tx, charters.network(), handle.to_owned())?.save(tx)
        })
    }

    fn make_request(
        &self,
        link: &InviteLink,
        url: &str,
        terms: &JoinTerms,
        handle: &str,
        announcement: &Announcement,
    ) -> Result<Joining, ClientError> {
        let mut rng = rand::rng();
        let place = announcement.place();
        let (identity, kem) = (SecretKey::generate(&mut rng), KemSecretKey::generate(&mut rng));
        let secret = SlotSecret::generate(announcement.context(), &mut rng);
        let mut random = [0; 32];
        rng.fill_bytes(&mut random);
        // The link does not say what it is for, so every request brings a charter key; the roster keeps it for an
        // invite that was made for a coordinator. A key that the charter knows already is this person's.
        let device = self.candidate_key()?;
        let charter_key = Some(CharterKeyClaim::sign(&place, &identity.public(), &device));
        let invite_key = link.secret.key(&place);
        let charters = self.charters()?;
        let invite = link.secret.id(&place);
        let request = JoinRequest {
            invite,
            epoch: announcement.epoch(),
            announcement: announcement.hash(),
            charter_version: charters.newest().version(),
            charter: charters.newest().hash(),
            identity: identity.public(),
            kem: kem.public(),
            secret: secret.key().clone(),
            handle: handle.to_owned(),
            languages: terms.languages.clone(),
            roles: terms.roles.clone(),
            charter_key,
            random,
            extensions: Extensions::default(),
        };
        let signed = request.sign(&place, &identity);
        let (hash, _) = JoinRequest::open(&signed, &place).map_err(|error| ClientError::Invalid(error.to_string()))?;
        let phrase = Phrase::compute(&place, &link.charter, &invite, &invite_key.public(), &hash)
            .map_err(|error| ClientError::Unexpected(error.to_string()))?;
        Ok(Joining {
            hood: place.neighborhood,
            network: place.network,
            url: url.to_owned(),
            invite_secret: link.secret.secret().clone(),
            invite,
            link_charter: link.charter,
            identity: identity.seed(),
            kem: kem.seed().clone(),
            epoch: announcement.epoch(),
            secret: secret.key().clone(),
            request: signed,
            hash,
            say: phrase_words(&phrase, Half::Newcomer),
            hear: phrase_words(&phrase, Half::Coordinator),
            sent: vec![],
            confirmed: link.in_person,
        })
    }

    /// A charter key for a request: the one that the charter knows or that was handed out, or a fresh one, so that a
    /// responder's requests to two neighborhoods have nothing in common.
    fn candidate_key(&self) -> Result<SecretKey, ClientError> {
        let charters = self.charters()?;
        self.vault.transact(|tx| {
            let mut profile = Profile::load(tx)?;
            if let Some(key) = profile.charter_key(&charters) {
                return Ok(key);
            }
            let key = SecretKey::generate(&mut rand::rng());
            profile.candidates.push(key.seed());
            profile.save(tx)?;
            Ok(key)
        })
    }

    /// Goes on with a join: seals the request for the current epoch if that was not done, and looks for the slot.
    ///
    /// # Errors
    /// The invite has ended, or no relay answers.
    pub async fn continue_join(&self, hood: NeighborhoodId) -> Result<JoinView, ClientError> {
        let joining = self.load_joining(hood)?;
        let view = |state| JoinView { hood, request: joining.hash, say: joining.say.clone(), state };
        if self.read(|tx| Ok(tx.get::<Hood>(Bucket::Hood, &hood.0)?.is_some()))? {
            return Ok(view(JoinState::Member));
        }
        let place = Place { network: joining.network, neighborhood: hood };
        let mut connection = self.connect(Errand::Inbox, Some(hood)).await?;
        self.sync_charters(&mut connection).await?;
        let charters = self.charters()?;
        let announcement = current(&mut connection, &charters, place).await?;
        let candidates = Branches::new(joining.epoch, joining.secret.clone(), joining.kem.clone())
            .take(place, announcement.epoch())
            .map_err(|_| ClientError::Untrusted("its epoch is before the one of the request".to_owned()))?;
        let found = find_slot(&mut connection, &charters, &announcement, &candidates).await?;
        if matches!(found, Found::Keys(..)) {
            let chain = fetch_announcements(&mut connection, place, Epoch(1)).await?;
            self.become_member(&joining, &charters, &announcement, &chain)?;
            // Every epoch since the request: an alert may have been sent between the approval and this moment.
            self.open_all_pending(&mut connection, hood).await?;
            connection.close().await;
            return Ok(view(JoinState::Member));
        }
        // Whoever reads it may not reach the relay that has it: it is told to each that this device comes to use.
        let again = joining.sent.contains(&announcement.epoch());
        let here = charters.newest().relay_with_key(&connection.relay()).map(|relay| relay.url.clone());
        let here = here.unwrap_or_else(|| joining.url.clone());
        if !again || here != joining.url {
            match self.append_request(&mut connection, &joining, &announcement, here).await {
                // It was told there before.
                Err(ClientError::Refused(Refusal::InviteEnded)) if again => {}
                appended => appended?,
            }
        }
        connection.close().await;
        Ok(view(JoinState::Waiting))
    }

    fn load_joining(&self, hood: NeighborhoodId) -> Result<Joining, ClientError> {
        self.read(|tx| {
            tx.get(Bucket::Joining, &hood.0)?
                .ok_or_else(|| ClientError::NotFound { what: "join request for", name: hood.to_string() })
        })
    }

    async fn append_request(
        &self,
        connection: &mut Connection,
        joining: &Joining,
        announcement: &Announcement,
        url: String,
    ) -> Result<(), ClientError> {
        let place = announcement.place();
        let secret = InviteSecret::new(joining.invite_secret.clone());
        let key = secret.key(&place);
        match connection.prove(place, Epoch::NONE, Prover::Invite(joining.invite), &key).await {
            Err(ClientError::Refused(Refusal::NotFound)) => return Err(Refusal::InviteEnded.into()),
            other => other?,
        };
        let psk = secret.psk(&place).map_err(|error| ClientError::Unexpected(error.to_string()))?;
        let content = wire::encode(&joining.request);
        let inbox = &announcement.keys().inbox;
        let context = announcement.context();
        let record = seal_join(&context, &announcement.hash(), joining.invite, inbox, &psk, &content, &mut rand::rng())
            .map_err(|error| ClientError::Invalid(error.to_string()))?;
        match connection.call(Request::Append { record }).await? {
            Reply::Appended { .. } => {}
            _ => return Err(connection.unexpected()),
        }
        self.vault.transact(|tx| {
            let mut joining: Joining = tx
                .get(Bucket::Joining, &place.neighborhood.0)?
                .ok_or_else(|| ClientError::Unexpected("the request is gone".to_owned()))?;
            joining.sent.push(announcement.epoch());
            joining.url = url;
            tx.put(Bucket::Joining, &place.neighborhood.0, &joining)?;
            Ok(())
        })
    }

    /// The membership begins: as far back as the relay shows an unbroken chain, announcements are kept; from the
    /// request's epoch on, each has a slot to look for.
    fn become_member(
        &self,
        joining: &Joining,
        charters: &CharterHistory,
        current: &Announcement,
        chain: &[SignedAnnouncement],
    ) -> Result<(), ClientError> {
        let place = current.place();
        let now = self.now();
        let mut linked: Vec<(&SignedAnnouncement, Announcement)> = Vec::new();
        for signed in chain.iter().rev() {
            let Ok(judged) = judge_announcement(charters, place, signed) else { break };
            let follows = linked.last().map_or_else(
                || judged.hash() == current.hash(),
                |(_, next)| next.keys().predecessors.contains(&judged.hash()),
            );
            if !follows {
                break;
            }
            linked.push((signed, judged));
        }
        if linked.is_empty() {
            return Err(ClientError::Untrusted("its announcements do not lead to the current one".to_owned()));
        }
        let hood = Hood {
            id: joining.hood,
            network: joining.network,
            member: member_id(&joining.hash),
            identity: joining.identity.clone(),
            branches: Branches::new(joining.epoch, joining.secret.clone(), joining.kem.clone()),
            pending: vec![],
            renewal: None,
            epoch: Epoch::NONE,
            announcement: AnnouncementHash::ZERO,
            first_epoch: Epoch::NONE,
            first_hour: Hour(0),
            confirmed: joining.confirmed,
            highest: Timestamp(0),
            missing: None,
            synced: Timestamp(0),
            tail: Timestamp(0),
            clock_in_doubt: false,
            doubt_since: None,
            incomplete_since: None,
            reopened: None,
            lost: Epoch::NONE,
        };
        self.vault.transact(|tx| {
            hood.save(tx)?;
            for (signed, judged) in linked.iter().rev() {
                keep_announcement(tx, hood.id, signed, judged, now)?;
            }
            // What opened the slot once is erased; the words stay until they are confirmed.
            let mut joining = joining.clone();
            joining.secret = Secret32::new([0; 32]);
            joining.kem = Secret32::new([0; 32]);
            // The request carries the slot secret, too.
            joining.request.body = vec![];
            if joining.confirmed {
                tx.delete(Bucket::Joining, &hood.id.0)?;
            } else {
                tx.put(Bucket::Joining, &hood.id.0, &joining)?;
            }
            Ok(())
        })
    }

    /// Waits for the approval of a join.
    ///
    /// # Errors
    /// Not approved in time ([`ClientError::Timeout`]), or the invite ended.
    pub async fn wait_for_approval(&self, hood: NeighborhoodId, limit: Duration) -> Result<JoinView, ClientError> {
        let deadline = tokio::time::Instant::now() + limit;
        let mut pause = Duration::from_millis(300);
        loop {
            match self.continue_join(hood).await {
                Ok(view) if view.state == JoinState::Member => return Ok(view),
                Ok(_) | Err(ClientError::Unreachable { .. } | ClientError::Broken(_)) => {}
                Err(ClientError::Refused(Refusal::SlowDown { .. } | Refusal::ClosedEpoch { .. })) => {}
                Err(error) => return Err(error),
            }
            let now = tokio::time::Instant::now();
            if now >= deadline {
                return Err(ClientError::Timeout("not approved yet: run the same command again later".to_owned()));
            }
            tokio::time::sleep(pause.min(deadline - now)).await;
            pause = (pause * 3 / 2).min(Duration::from_secs(10));
        }
    }

    /// Confirms the network by the three words that the coordinator read back.
    ///
    /// # Errors
    /// Nothing waits for a confirmation, or the words are others.
    pub fn confirm(&self, heard: &str) -> Result<NeighborhoodId, ClientError> {
        self.vault.transact(|tx| {
            let all: Vec<(Vec<u8>, Joining)> = tx.list(Bucket::Joining, b"")?;
            let waiting: Vec<Joining> = all.into_iter().map(|(_, joining)| joining).filter(|j| !j.confirmed).collect();
            if waiting.is_empty() {
                return Err(ClientError::NotFound { what: "network to confirm", name: String::new() });
            }
            let Some(mut joining) = waiting.into_iter().find(|joining| same_words(&joining.hear, heard)) else {
                return Err(ClientError::WrongWords);
            };
            joining.confirmed = true;
            if let Some(mut hood) = tx.get::<Hood>(Bucket::Hood, &joining.hood.0)? {
                hood.confirmed = true;
                hood.save(tx)?;
                tx.delete(Bucket::Joining, &joining.hood.0)?;
            } else {
                tx.put(Bucket::Joining, &joining.hood.0, &joining)?;
            }
            Ok(joining.hood)
        })
    }
}

/// The member id that follows from a request: its hash's first 16 bytes. The request has 32 random bytes in it.
pub(crate) fn member_id(request: &RequestHash) -> MemberId {
    let [id @ .., _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _] = request.0;
    MemberId(id)
}

/// Whether heard words are these, in either language, in any case, without accents.
fn same_words(words: &[[String; 3]; 2], heard: &str) -> bool {
    let heard = watchfire_protocol::phrase::heard_words(heard);
    words.iter().any(|words| words.iter().map(watchfire_protocol::phrase::plain).eq(heard.iter().cloned()))
}

/// Judges the chain that a relay shows to a newcomer: the link's charter must be in it.
fn judge_link(
    link: &InviteLink,
    chain: &[watchfire_protocol::charter::SignedCharter],
) -> Result<CharterHistory, ClientError> {
    let (genesis, rest) =
        chain.split_first().ok_or_else(|| ClientError::Untrusted("it shows no charter".to_owned()))?;
    let mut charters = CharterHistory::found(genesis)?;
    for signed in rest {
        match charters.push(signed) {
            // What this program cannot read yet, it is told of when it syncs.
            Err(CharterError::Newer) => break,
            other => other?,
        }
    }
    if charters.by_prefix(&link.charter).is_none() {
        return Err(ClientError::Untrusted("its charter is not the one that the link names".to_owned()));
    }
    Ok(charters)
}

/// The current announcement of a neighborhood, judged.
async fn current(
    connection: &mut Connection,
    charters: &CharterHistory,
    place: Place,
) -> Result<Announcement, ClientError> {
    let Place { network, neighborhood } = place;
    let epoch = match connection.call(Request::Standing { network, neighborhood }).await? {
        Reply::Standing(standing) => standing.epoch,
        _ => return Err(connection.unexpected()),
    };
    if epoch == Epoch::NONE {
        return Err(ClientError::Untrusted("the neighborhood has no epoch yet; try again later".to_owned()));
    }
    let signed = fetch_announcements(connection, place, epoch).await?;
    let newest = signed.last().ok_or_else(|| ClientError::Untrusted("it shows no announcement".to_owned()))?;
    judge_announcement(charters, place, newest)
}
