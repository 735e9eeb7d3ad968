//! Names: their commitment and their parts.

use watchfire_protocol::id::{CoordinatorId, Tag};
use watchfire_protocol::names::{NamedCoordinator, NamesBlock, join_parts, part_count, parts};
use watchfire_protocol::object;
use watchfire_protocol::record::seal_symmetric;
use watchfire_protocol::run::Object;
use watchfire_protocol::secret::Secret;

use crate::neighborhood::{Town, names};

fn many() -> NamesBlock {
    let handle = |n: u8| NamedCoordinator { coordinator: CoordinatorId([n; 16]), handle: "é".repeat(30) };
    NamesBlock { handles: (0..60).map(handle).collect(), ..names() }
}

#[test]
fn the_commitment_tells_every_change_of_a_name() {
    let commitment = names().commitment();
    for change in [
        |names: &mut NamesBlock| names.salt[31] ^= 1,
        |names: &mut NamesBlock| names.network.push('!'),
        |names: &mut NamesBlock| names.neighborhood.push('!'),
        |names: &mut NamesBlock| names.conduct.push('!'),
        |names: &mut NamesBlock| {
            (names.network, names.neighborhood) = ("Río Verde WatchElm Park".to_owned(), String::new())
        },
        |names: &mut NamesBlock| {
            names.handles.push(NamedCoordinator { coordinator: CoordinatorId([1; 16]), handle: String::new() });
        },
    ] {
        let mut other = names();
        change(&mut other);
        assert_ne!(other.commitment(), commitment);
    }
    assert_eq!(names().commitment(), commitment);
}

#[test]
fn a_coordinator_is_called_what_the_block_calls_them_and_nobody_else_is_called_anything() {
    let named =
        |n: u8, handle: &str| NamedCoordinator { coordinator: CoordinatorId([n; 16]), handle: handle.to_owned() };
    let names = NamesBlock { handles: vec![named(1, "Marisol"), named(2, "Kai")], ..names() };
    let called = |n: u8| names.handle(&CoordinatorId([n; 16]));
    assert_eq!([called(1), called(2), called(3)], [Some("Marisol"), Some("Kai"), None]);
}

#[test]
fn a_block_is_joined_from_all_its_parts_in_order_and_from_nothing_less() {
    let cut = parts(&many());
    assert!(cut.len() > 1 && cut.iter().all(|part| part.len() <= object::CONTENT_LEN));
    assert!(cut.iter().all(|part| part_count(part).map(usize::from) == Some(cut.len())));
    let join = |parts: &[Vec<u8>]| join_parts(parts.iter().map(Vec::as_slice));
    assert_eq!(join(&cut), Ok(many()));
    let mut reversed = cut.clone();
    reversed.reverse();
    for wrong in [&cut[1..], &cut[..cut.len() - 1], &reversed, &[]] {
        assert!(join(wrong).is_err());
    }
    assert_eq!((part_count(&[]), part_count(&[1])), (None, None));
    assert_eq!((part_count(&[0, 17]), part_count(&[0, 18]), part_count(&[255; 2])), (Some(17), None, None));
}

#[test]
fn members_find_and_open_the_names_of_their_epoch_and_nobody_else_does() {
    let mut town = Town::new();
    let person = town.add(1, None);
    let published = town.open();
    let keys = published.keys(&person).unwrap().member;
    let object = published.opened.others.iter().find(|object| object.tag == keys.names_tag(0)).unwrap();
    let context = town.roster.context();
    let part = object::open(&context, &keys.names_key(), object).unwrap();
    assert_eq!(join_parts([part.as_slice()]), Ok(names()));

    assert!(object::open(&context, &Secret::new([9; 32]), object).is_err());
    assert!(object::open(&town.place.at(context.epoch.next()), &keys.names_key(), object).is_err());
    let mut moved = object.clone();
    moved.tag = Tag([9; 16]);
    assert!(object::open(&context, &keys.names_key(), &moved).is_err());
    for at in [0, 1, 24, 25, 2047] {
        let mut altered = object.clone();
        altered.body[at] ^= 1;
        assert!(object::open(&context, &keys.names_key(), &altered).is_err(), "{at}");
    }
}

#[test]
fn content_that_does_not_fit_an_object_is_refused() {
    let mut town = Town::new();
    let context = town.roster.context();
    let key = Secret::new([9; 32]);
    let mut seal = |len| object::seal(&context, Tag([1; 16]), &key, &vec![1; len], &mut town.rng).is_ok();
    assert!(seal(object::CONTENT_LEN) && !seal(object::CONTENT_LEN + 1) && !seal(70_000));
}

#[test]
fn an_objects_padding_is_zeros_and_its_length_within_it() {
    let mut town = Town::new();
    let (context, key, tag) = (town.roster.context(), Secret::new([9; 32]), Tag([1; 16]));
    let aad = [b"watchfire v1 object\0", &context.bytes()[..], &tag.0].concat();
    let mut open = |padded: Vec<u8>| {
        let sealed = seal_symmetric(&key, &aad, &padded, &mut town.rng);
        let body = [&[1], &sealed[..]].concat().try_into().unwrap();
        object::open(&context, &key, &Object { tag, body: Box::new(body) }).ok().map(|content| content.to_vec())
    };
    let padded = |length: u16, last: u8| {
        let mut padded = vec![0; 2 + object::CONTENT_LEN];
        padded[..2].copy_from_slice(&length.to_be_bytes());
        padded[2] = 7;
        *padded.last_mut().unwrap() = last;
        padded
    };
    assert_eq!(open(padded(1, 0)), Some(vec![7]));
    assert_eq!(open(padded(1, 1)), None);
    assert_eq!(open(padded(2005, 1)).map(|content| content.len()), Some(2005));
    assert_eq!(open(padded(2006, 0)), None);
    assert_eq!(open(padded(u16::MAX, 0)), None);
}
