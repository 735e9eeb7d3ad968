//! Changes of the charter, in one process: what they say to whoever must sign, and which are refused.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use watchfire_client::ClientError;
use watchfire_client::ops::admin::NewAdminKey;
use watchfire_client::ops::amend::{Amendment, DraftError, Drafted, Outcome};
use watchfire_client::ops::chain::{ChainError, JudgedFile};
use watchfire_client::ops::changes::Change;
use watchfire_client::ops::draft::{CharterFile, Proposal};
use watchfire_client::ops::edit::{EditError, NewTerms};
use watchfire_client::ops::revoke::{Revoked, Revoking};
use watchfire_client::state::Profile;
use watchfire_protocol::charter::{CharterSignature, Relay, SignedCharter, sign};
use watchfire_protocol::id::Epoch;
use watchfire_protocol::roster::InviteRole;
use watchfire_protocol::sign::SecretKey;
use watchfire_tests::local::{Person, World};

/// A draft by the founder, who could publish it alone.
async fn drafted(world: &World, amendment: Amendment) -> Drafted {
    match world.admin.client.amend(&amendment, true).await.unwrap() {
        Outcome::Drafted(drafted) => drafted,
        _ => panic!("no draft"),
    }
}

fn rename(world: &World, name: &str) -> Amendment {
    Amendment::Rename { hood: world.hood, name: name.to_owned() }
}

/// Elm Park with a second coordinator, and somebody with an admin key in a vault without a network.
async fn with_kai() -> (World, Person, Person) {
    let world = World::found().await;
    let kai = world.join(InviteRole::Coordinator, "Kai").await;
    world.admin.client.grant("Kai", world.hood, true, true, None).await.unwrap();
    let clara = Person::new(&world.clock);
    clara.client.keep_admin_key(&NewAdminKey::generate()).unwrap();
    (world, kai, clara)
}

#[tokio::test]
async fn a_draft_whose_new_names_were_taken_out_of_its_file_is_neither_read_signed_nor_published() {
    let (world, kai, clara) = with_kai().await;
    let draft = drafted(&world, rename(&world, "Elm Park North")).await;
    let mut stripped = CharterFile::from_bytes(&draft.file).unwrap();
    stripped.names.clear();
    let stripped = stripped.to_bytes();
    let neighborhood = world.hood;
    for person in [&clara, &kai] {
        let refused = person.client.review(&stripped).err();
        assert!(
            matches!(refused, Some(ClientError::Draft(DraftError::NamesLacking { neighborhood: n })) if n == neighborhood),
            "{refused:?}"
        );
        let refused = person.client.publish_draft(&stripped).await.err();
        assert!(matches!(refused, Some(ClientError::Draft(DraftError::NamesLacking { .. }))), "{refused:?}");
        assert!(person.client.review(&draft.file).is_ok(), "whole, it is read");
    }
    assert!(matches!(JudgedFile::from_bytes(&stripped), Err(ChainError::Client(_))));
    // Whoever drew it has the names anyway.
    world.admin.client.publish_draft(&stripped).await.unwrap();
    assert_eq!(world.admin.client.neighborhoods().unwrap()[0].name, "Elm Park North");
}

#[tokio::test]
async fn a_draft_tells_the_old_name_and_the_new_one_and_whose_handles_are_swapped() {
    let (world, _, clara) = with_kai().await;
    let draft = drafted(&world, rename(&world, "Elm Park North")).await;
    let renamed = |from: Option<&str>| Change::Renamed {
        neighborhood: world.hood,
        from: from.map(str::to_owned),
        to: "Elm Park North".to_owned(),
    };
    assert_eq!(draft.view.changes, [Change::Names(world.hood), renamed(Some("Elm Park"))]);
    // Somebody who knows no names before is told all of them.
    let strange = clara.client.review(&draft.file).unwrap().view.changes;
    assert!(strange.contains(&Change::NamesBefore(world.hood)) && strange.contains(&renamed(None)), "{strange:?}");
    assert_eq!(strange.iter().filter(|change| matches!(change, Change::Handle { .. })).count(), 2);

    // An admin whose program writes what it likes swaps the two coordinators' handles, and tells another conduct.
    let mut file = CharterFile::from_bytes(&world.admin.client.export_charters().unwrap().bytes).unwrap();
    let block = file.names.get_mut(&world.hood).unwrap();
    let handles: Vec<String> = block.handles.iter().map(|named| named.handle.clone()).collect();
    let (one, two) = (block.handles[0].coordinator, block.handles[1].coordinator);
    (block.handles[0].handle, block.handles[1].handle) = (handles[1].clone(), handles[0].clone());
    block.conduct = "Get close.".to_owned();
    let commitment = block.commitment();
    let charters = world.admin.client.charters().unwrap();
    let mut body = charters.newest().body().clone();
    (body.network, body.version, body.previous) = (charters.network(), body.version + 1, charters.newest().hash());
    body.neighborhoods[0].names = commitment;
    let admin = SecretKey::from_seed(&world.admin.vault().transact(Profile::load).unwrap().admin.unwrap());
    let mut signed = SignedCharter::unsigned(&body);
    let signature = sign(&admin, body.network, &signed.body);
    signed.insert(CharterSignature { signer: admin.public(), signature });
    file.draft = Some(Proposal::Charter(signed));
    let seen = world.admin.client.review(&file.to_bytes()).unwrap().view.changes;
    let swapped = |coordinator, from: &str, to: &str| Change::Handle {
        coordinator,
        neighborhood: world.hood,
        from: Some(from.to_owned()),
        to: Some(to.to_owned()),
    };
    let conduct = Change::Conduct { neighborhood: world.hood, to: "Get close.".to_owned() };
    let wanted = [
        Change::Names(world.hood),
        conduct,
        swapped(one, &handles[0], &handles[1]),
        swapped(two, &handles[1], &handles[0]),
    ];
    assert_eq!(seen, wanted);
}

#[tokio::test]
async fn a_file_is_judged_with_what_it_proposes_be_it_a_version_or_a_restriction() {
    let (world, _, clara) = with_kai().await;
    let draft = drafted(&world, rename(&world, "Elm Park North")).await;
    // Imported instead of published, it says what is left to do.
    let imported = world.admin.client.import_charters(&draft.file).unwrap();
    assert_eq!((imported.taken, imported.publishable), (0, true));
    assert!(
        !world.admin.client.import_charters(&world.admin.client.export_charters().unwrap().bytes).unwrap().publishable
    );
    let judged = JudgedFile::from_bytes(&draft.file).unwrap();
    let view = judged.draft().unwrap();
    assert_eq!((view.restricts, view.missing, &view.hash), (false, 0, &draft.view.hash));
    assert!(view.changes.iter().any(|change| matches!(change, Change::Renamed { .. })), "{:?}", view.changes);

    // With two admins a revocation is a restriction.
    let key = clara.client.admin_key().unwrap().unwrap().public();
    let added = drafted(&world, Amendment::AddAdmins(vec![key])).await;
    let signed = clara.client.sign_draft(clara.client.review(&added.file).unwrap()).unwrap();
    world.admin.client.publish_draft(&signed.file).await.unwrap();
    let kai = Revoking { handle: "Kai".to_owned(), hood: None, distrust_from: None };
    let Revoked::Amended(Outcome::Drafted(silenced)) = world.admin.client.revoke(&kai, true).await.unwrap() else {
        panic!("no draft");
    };
    let judged = JudgedFile::from_bytes(&silenced.file).unwrap();
    let view = judged.draft().unwrap();
    assert_eq!((view.restricts, view.missing, &view.hash), (true, 0, &silenced.view.hash));
    let [Change::Restricted(entry)] = &view.changes[..] else { panic!("{:?}", view.changes) };
    assert_eq!(view.names.subject(&entry.subject), "Kai");
    assert_eq!(view.signers, [world.admin.client.admin_key().unwrap().unwrap().public()]);
    // A signature that does not verify is found.
    let mut file = CharterFile::from_bytes(&silenced.file).unwrap();
    let Some(Proposal::Restriction(restriction)) = &mut file.draft else { panic!("no restriction") };
    restriction.signatures[0].signature.0[0] ^= 1;
    assert!(matches!(JudgedFile::from_bytes(&file.to_bytes()), Err(ChainError::Client(ClientError::Restriction(_)))));
}

#[tokio::test]
async fn nobody_is_distrusted_from_an_epoch_that_is_further_away_than_the_next_one() {
    let (world, _, _) = with_kai().await;
    let admin = &world.admin.client;
    let next = admin.status().unwrap().hoods[0].epoch.next();
    let revoking =
        |from: Option<u64>| Revoking { handle: "Kai".to_owned(), hood: None, distrust_from: from.map(Epoch) };
    let before = admin.charters().unwrap().newest().hash();
    for wrong in [0, next.0 + 1, u64::MAX] {
        let refused = admin.revoke(&revoking(Some(wrong)), false).await.err();
        let wanted = EditError::DistrustFrom { found: Epoch(wrong), next };
        assert!(matches!(&refused, Some(ClientError::Edit(error)) if *error == wanted), "{refused:?}");
        assert_eq!(refused.unwrap().exit_code(), 2);
    }
    assert_eq!(admin.charters().unwrap().newest().hash(), before);
    admin.revoke(&revoking(Some(next.0)), false).await.unwrap();

    // Once more says that it is so; only an earlier epoch changes anything.
    let revocations = || admin.charters().unwrap().newest().body().revocations.clone();
    assert_eq!(revocations()[0].distrust_from, next);
    for same in [None, Some(next.0)] {
        let again = admin.revoke(&revoking(same), false).await.unwrap();
        assert!(matches!(again, Revoked::Amended(Outcome::Unchanged(_))));
    }
    let earlier = admin.revoke(&revoking(Some(1)), false).await.unwrap();
    assert!(matches!(earlier, Revoked::Amended(Outcome::Published(_))));
    assert_eq!((revocations().len(), revocations()[0].distrust_from), (1, Epoch(1)));
    let stranger = Revoking { handle: "Nobody".to_owned(), hood: None, distrust_from: None };
    assert!(matches!(admin.revoke(&stranger, false).await, Err(ClientError::NotFound { .. })));
}

#[tokio::test]
async fn an_admin_who_is_no_member_learns_names_by_file_and_may_say_the_beginning_of_an_id_instead() {
    let world = World::found().await;
    let clara = Person::new(&world.clock);
    clara
        .client
        .enter_by_file(&JudgedFile::from_bytes(&world.admin.client.export_charters().unwrap().bytes).unwrap())
        .unwrap();
    world.join(InviteRole::Coordinator, "Kai").await;
    world.admin.client.grant("Kai", world.hood, true, true, None).await.unwrap();
    clara.client.refresh_charters().await.unwrap();
    let view = clara.client.charter().unwrap();
    assert!(!view.names.know(view.charter.body()));
    let body = view.charter.body();
    let kai = body.grants[1].coordinator.to_string();
    let retire = async |wanted: &str| {
        let wanted = Amendment::Retire { handle: wanted.to_owned(), hood: None };
        clara.client.amend(&wanted, true).await
    };
    assert!(matches!(retire("Kai").await, Err(ClientError::NotFound { what: "coordinator", .. })));
    assert!(matches!(retire(&kai[..6].to_lowercase()).await, Ok(Outcome::Drafted(_))));
    assert!(matches!(retire(&kai[..3]).await, Err(ClientError::NotFound { .. })), "too little to be an id");

    let imported = clara.client.import_charters(&world.admin.client.export_charters().unwrap().bytes).unwrap();
    assert_eq!((imported.taken, imported.names), (0, 1));
    assert!(clara.client.charter().unwrap().names.know(body));
    assert!(matches!(retire("Kai").await, Ok(Outcome::Drafted(_))));
}

#[tokio::test]
async fn adding_a_neighborhood_that_is_there_goes_on_but_never_changes_it_nor_opens_a_closed_one() {
    let (world, _, _) = with_kai().await;
    let admin = &world.admin.client;
    let add = async |name: &str, terms: NewTerms, coordinators: &[String]| {
        admin.draw_neighborhoods(&[name.to_owned()], terms, coordinators, true, false).await
    };
    let quorum = |quorum| NewTerms { quorum: Some(quorum), ..NewTerms::default() };
    let (added, outcome) = add("Elm Park", NewTerms::default(), &[]).await.unwrap();
    assert!(outcome.is_none() && added[0].quorum == 1);
    add("Elm Park", quorum(1), &["Kai".to_owned()]).await.unwrap();
    for (terms, others) in [(quorum(0), vec![]), (quorum(9), vec![]), (quorum(1), vec!["Ana".to_owned()])] {
        let refused = add("Elm Park", terms, &others).await.err();
        let wanted = EditError::OtherTerms { name: "Elm Park".to_owned() };
        assert!(matches!(&refused, Some(ClientError::Edit(error)) if *error == wanted), "{refused:?}");
        assert_eq!(refused.unwrap().exit_code(), 2);
    }
    add("Oak", NewTerms::default(), &[]).await.unwrap();
    let oak = admin.charter_hood(Some("Oak")).unwrap();
    admin.amend(&Amendment::Close { hood: oak }, false).await.unwrap();
    let refused = add("Oak", NewTerms::default(), &[]).await.err();
    assert!(matches!(refused, Some(ClientError::Edit(EditError::Closed))), "{refused:?}");
}

#[tokio::test]
async fn a_quorum_that_fell_with_a_revocation_is_proposed_again_once_somebody_else_may_sign() {
    let (world, _, _) = with_kai().await;
    let admin = &world.admin.client;
    let set = |quorum| {
        let terms = NewTerms { quorum: Some(quorum), ..NewTerms::default() };
        Amendment::SetTerms { hood: world.hood, terms }
    };
    admin.amend(&set(2), false).await.unwrap();
    let kai = Revoking { handle: "Kai".to_owned(), hood: None, distrust_from: None };
    let leaves = admin.revoking_leaves(&kai).unwrap();
    assert!(!leaves.oneself && leaves.nobody.is_empty());
    let Revoked::Amended(Outcome::Published(done)) = admin.revoke(&kai, false).await.unwrap() else {
        panic!("not published");
    };
    assert!(done.changes.contains(&Change::Quorum { neighborhood: world.hood, from: 2, to: 1 }), "{:?}", done.changes);
    assert_eq!(admin.quorum_to_restore(world.hood).unwrap(), None, "only one may sign");
    // The one who is left is the last, and the one who would type it.
    let own = Revoking { handle: "Marisol".to_owned(), hood: None, distrust_from: None };
    let leaves = admin.revoking_leaves(&own).unwrap();
    assert!(leaves.oneself);
    assert_eq!(leaves.nobody, [world.hood]);

    world.join(InviteRole::Coordinator, "Zoe").await;
    admin.grant("Zoe", world.hood, true, true, None).await.unwrap();
    assert_eq!(admin.quorum_to_restore(world.hood).unwrap(), Some(2));
    admin.amend(&set(2), false).await.unwrap();
    assert_eq!(admin.quorum_to_restore(world.hood).unwrap(), None, "it is as it was");
    admin.amend(&set(1), false).await.unwrap();
    assert_eq!(admin.quorum_to_restore(world.hood).unwrap(), None, "somebody wanted it so");
}

#[tokio::test]
async fn a_relay_is_tried_with_its_key_before_it_becomes_the_first() {
    let world = World::found().await;
    let admin = &world.admin.client;
    let (url, key) = (world.relay.url.clone(), world.relay.key);
    admin.try_relay(&Relay { url: url.clone(), key }).await.unwrap();
    let other = SecretKey::generate(&mut rand::rng()).public();
    assert!(matches!(admin.try_relay(&Relay { url, key: other }).await, Err(ClientError::WrongRelay { .. })));
    let nowhere = Relay { url: "ws://127.0.0.1:1/v1".to_owned(), key };
    assert!(matches!(admin.try_relay(&nowhere).await, Err(ClientError::Unreachable { .. })));
}

#[tokio::test]
async fn no_name_turns_or_hides_text_and_a_device_that_joined_as_somebody_else_is_told() {
    let (world, kai, _) = with_kai().await;
    let admin = &world.admin.client;
    for bad in ["Elm\u{202e}Park", "Elm\u{200b}Park", "Elm\u{7}Park", "", &"x".repeat(65)] {
        let refused = admin.amend(&rename(&world, bad), true).await.err();
        assert!(matches!(refused, Some(ClientError::Invalid(_))), "{bad:?} {refused:?}");
    }
    assert!(matches!(admin.amend(&rename(&world, "Ni\u{f1}o\u{200c}s"), true).await, Ok(Outcome::Drafted(_))));

    let key = kai.client.charter_key().unwrap();
    assert_eq!(admin.joined_as(&key).unwrap(), [(world.hood, "Kai".to_owned())]);
    let fresh = SecretKey::generate(&mut rand::rng()).public();
    assert!(admin.joined_as(&fresh).unwrap().is_empty());
}
