//! Every domain label of the protocol, in one file. `docs/protocol.md`, "Labels".
//!
//! A label is never built anywhere else, no signing purpose is a prefix of another, and nothing here is ever changed:
//! a new meaning gets a new label.

/// Stands in front of every label.
pub(crate) const PREFIX: &str = "watchfire v1 ";

/// What a signature is for. The signed message is `"watchfire v1 <purpose>" 00 || fixed-length fields`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// A charter version, by an admin key.
    Charter,
    /// A restriction, by an admin key.
    Restrict,
    /// An announcement, by a device key granted `enroll`.
    Announcement,
    /// A slot added after the epoch was opened, by a device key granted `enroll`.
    LateSlot,
    /// An alert, by a device key granted `dispatch`.
    Alert,
    /// Reserved: a co-signature is over the same message as an alert's first signature, with the same purpose.
    CoSign,
    /// A beacon, by a device key with any right.
    Beacon,
    /// A roster event, by a device key granted `enroll`.
    Roster,
    /// A join request, by the newcomer's identity key.
    Join,
    /// A member's new keys, by the member's identity key.
    Renew,
    /// A member's charter key, by that key over the identity key. Binds the two.
    Promote,
    /// An invite as the relay keeps it, by a device key granted `enroll`.
    Invite,
    /// A connection's proof, by a role, device or invite key.
    Prove,
    /// The relay's greeting, by its identity key.
    RelayHello,
    /// A desk event, by a device key with any right.
    Desk,
}

impl Purpose {
    /// All of them, for tests.
    pub const ALL: [Self; 15] = [
        Self::Charter,
        Self::Restrict,
        Self::Announcement,
        Self::LateSlot,
        Self::Alert,
        Self::CoSign,
        Self::Beacon,
        Self::Roster,
        Self::Join,
        Self::Renew,
        Self::Promote,
        Self::Invite,
        Self::Prove,
        Self::RelayHello,
        Self::Desk,
    ];

    /// The word in the label.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Charter => "charter",
            Self::Restrict => "restrict",
            Self::Announcement => "announcement",
            Self::LateSlot => "late-slot",
            Self::Alert => "alert",
            Self::CoSign => "co-sign",
            Self::Beacon => "beacon",
            Self::Roster => "roster",
            Self::Join => "join",
            Self::Renew => "renew",
            Self::Promote => "promote",
            Self::Invite => "invite",
            Self::Prove => "prove",
            Self::RelayHello => "relay-hello",
            Self::Desk => "desk",
        }
    }
}

/// What an HPKE seal is for: its `psk_id` is `"watchfire v1 " purpose`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SealPurpose {
    /// A member's copy of an epoch's keys.
    Slot,
    /// A record in the inbox.
    Inbox,
    /// A join request.
    Join,
    /// A message for one member, in the alerts channel.
    Direct,
}

impl SealPurpose {
    /// The word in the label.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Slot => "slot",
            Self::Inbox => "inbox",
            Self::Join => "join",
            Self::Direct => "direct",
        }
    }
}

/// What a derived key is for: the label of `KDF`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each variant is its label, and docs/protocol.md has the table")]
pub enum Derive {
    MemberKey,
    NamesKey,
    NamesTag,
    CoordinatorKey,
    InboxKem,
    RosterKey,
    RosterTag,
    AlertsKey,
    InboxPsk,
    ChainStep,
    DeskKey,
    CoordinatorChainStep,
    SlotStep,
    SlotTag,
    SlotPsk,
    SlotMix,
    MemberAuth,
    InboxMac,
    DirectPsk,
    InviteSign,
    InvitePsk,
    InviteCard,
}

impl Derive {
    /// All of them, for tests.
    pub const ALL: [Self; 22] = [
        Self::MemberKey,
        Self::NamesKey,
        Self::NamesTag,
        Self::CoordinatorKey,
        Self::InboxKem,
        Self::RosterKey,
        Self::RosterTag,
        Self::AlertsKey,
        Self::InboxPsk,
        Self::ChainStep,
        Self::DeskKey,
        Self::CoordinatorChainStep,
        Self::SlotStep,
        Self::SlotTag,
        Self::SlotPsk,
        Self::SlotMix,
        Self::MemberAuth,
        Self::InboxMac,
        Self::DirectPsk,
        Self::InviteSign,
        Self::InvitePsk,
        Self::InviteCard,
    ];

    /// The words in the label.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::MemberKey => "member key",
            Self::NamesKey => "names key",
            Self::NamesTag => "names tag",
            Self::CoordinatorKey => "coordinator key",
            Self::InboxKem => "inbox kem",
            Self::RosterKey => "roster key",
            Self::RosterTag => "roster tag",
            Self::AlertsKey => "alerts key",
            Self::InboxPsk => "inbox psk",
            Self::ChainStep => "chain step",
            Self::DeskKey => "desk key",
            Self::CoordinatorChainStep => "cchain step",
            Self::SlotStep => "slot step",
            Self::SlotTag => "slot tag",
            Self::SlotPsk => "slot psk",
            Self::SlotMix => "slot mix",
            Self::MemberAuth => "member auth",
            Self::InboxMac => "inbox mac",
            Self::DirectPsk => "direct psk",
            Self::InviteSign => "invite sign",
            Self::InvitePsk => "invite psk",
            Self::InviteCard => "invite card",
        }
    }
}

/// What a hash, an AAD or an Argon2id input is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each variant is its label, and docs/protocol.md has the table")]
pub enum Domain {
    Network,
    ChainCommit,
    CoordinatorChainCommit,
    Run,
    Slots,
    RosterDigest,
    Names,
    Record,
    Object,
    AlertId,
    InviteId,
    Link,
    LinkInPerson,
    Phrase,
    Restrictions,
    ReportId,
    DeskEvent,
}

impl Domain {
    /// All of them, for tests.
    pub const ALL: [Self; 17] = [
        Self::Network,
        Self::ChainCommit,
        Self::CoordinatorChainCommit,
        Self::Run,
        Self::Slots,
        Self::RosterDigest,
        Self::Names,
        Self::Record,
        Self::Object,
        Self::AlertId,
        Self::InviteId,
        Self::Link,
        Self::LinkInPerson,
        Self::Phrase,
        Self::Restrictions,
        Self::ReportId,
        Self::DeskEvent,
    ];

    /// The words in the label.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Network => "network",
            Self::ChainCommit => "chain commit",
            Self::CoordinatorChainCommit => "cchain commit",
            Self::Run => "run",
            Self::Slots => "slots",
            Self::RosterDigest => "roster digest",
            Self::Names => "names",
            Self::Record => "record",
            Self::Object => "object",
            Self::AlertId => "alert id",
            Self::InviteId => "invite id",
            Self::Link => "link",
            Self::LinkInPerson => "link in person",
            Self::Phrase => "phrase",
            Self::Restrictions => "restrictions",
            Self::ReportId => "report id",
            Self::DeskEvent => "desk event",
        }
    }

    /// `"watchfire v1 <domain>" 00`: what stands in front of the hashed fields.
    #[must_use]
    pub fn prefix(self) -> Vec<u8> {
        prefixed(self.as_str())
    }
}

/// `"watchfire v1 <words>" 00`.
pub(crate) fn prefixed(words: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(PREFIX.len() + words.len() + 1);
    out.extend_from_slice(PREFIX.as_bytes());
    out.extend_from_slice(words.as_bytes());
    out.push(0);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_signing_purpose_is_a_prefix_of_another() {
        for one in Purpose::ALL {
            for other in Purpose::ALL {
                assert!(one == other || !other.as_str().starts_with(one.as_str()), "{one:?} {other:?}");
            }
        }
    }

    #[test]
    fn no_label_is_used_twice() {
        let mut words: Vec<&str> = Derive::ALL.iter().map(|d| d.as_str()).collect();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), Derive::ALL.len());
        let mut words: Vec<&str> = Domain::ALL.iter().map(|d| d.as_str()).collect();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), Domain::ALL.len());
    }
}
