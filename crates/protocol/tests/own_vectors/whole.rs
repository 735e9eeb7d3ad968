//! Whether there is a vector of everything: what this version writes, the next one reads.

use std::collections::BTreeSet;

use bincode::{Decode, Encode};
use data_encoding::HEXLOWER;
use serde_json::Value;
use watchfire_protocol::alert::AlertsItem;
use watchfire_protocol::desk::DeskEvent;
use watchfire_protocol::inbox::InboxItem;
use watchfire_protocol::record::Channel;
use watchfire_protocol::roster::Event;
use watchfire_protocol::wire::{Kind, decode_exact};

use crate::file;

/// Every field of a file that ends so, as bytes.
fn fields(file: &str, ends: &str) -> Vec<Vec<u8>> {
    let text = std::fs::read_to_string(file::folder().join(format!("{file}.json"))).unwrap();
    let read: Value = serde_json::from_str(&text).unwrap();
    let cases = read.get("cases").unwrap().as_array().unwrap().iter().flat_map(|case| case.as_object().unwrap());
    let wanted = cases.filter(|(name, _)| name.ends_with(ends));
    wanted.map(|(_, value)| HEXLOWER.decode(value.as_str().unwrap().as_bytes()).unwrap()).collect()
}

/// The first bytes of such fields.
fn numbers(files: &[&str], ends: &str) -> BTreeSet<u8> {
    files.iter().flat_map(|file| fields(file, ends)).map(|bytes| *bytes.first().unwrap()).collect()
}

/// The numbers of an enumeration's variants.
fn variants<T: Encode + Decode<()>>() -> BTreeSet<u8> {
    let unknown = |number: &u8| match decode_exact::<T>(&[*number], 1) {
        Err(error) => error.to_string().contains("UnexpectedVariant"),
        Ok(_) => false,
    };
    (0..=250).take_while(|number| !unknown(number)).collect()
}

#[test]
fn every_kind_of_body_has_a_vector() {
    // A link is text: `invites` pins it, and its number is never a byte of a body.
    let wanted: BTreeSet<u8> =
        (Kind::Charter as u8..=Kind::Profile as u8).filter(|k| *k != Kind::Invite as u8).collect();
    assert_eq!(numbers(&file::FILES, ".kind"), wanted);
}

#[test]
fn every_variant_of_what_a_record_contains_has_a_vector() {
    assert_eq!(numbers(&["alerts"], "item.variant"), variants::<AlertsItem>());
    assert_eq!(numbers(&["inbox", "renewals"], "item.variant"), variants::<InboxItem>());
    assert_eq!(numbers(&["roster"], "body.event"), variants::<Event>());
    assert_eq!(numbers(&["roster"], "item.item"), (0..=4).collect());
    assert_eq!(numbers(&["desk"], "body.event.variant"), variants::<DeskEvent>());
    assert_eq!(numbers(&["records"], "header.channel"), (Channel::Alerts as u8..=Channel::Join as u8).collect());
}

#[test]
fn what_a_record_contains_is_read_back_as_it_was_written() {
    let mut read = 0;
    for bytes in ["alerts", "inbox", "renewals"].iter().flat_map(|file| fields(file, "item")) {
        let alerts = AlertsItem::from_bytes(&bytes).is_ok_and(|item| item.to_bytes() == bytes);
        let inbox = InboxItem::from_bytes(&bytes).is_ok_and(|item| item.to_bytes() == bytes);
        assert!(alerts || inbox, "{}", HEXLOWER.encode(&bytes));
        read += 1;
    }
    assert!(read >= variants::<AlertsItem>().len() + variants::<InboxItem>().len());
}
