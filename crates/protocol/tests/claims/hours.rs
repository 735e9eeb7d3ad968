//! Hours of an epoch.

use watchfire_protocol::time::{HOUR, Hour, Timestamp};

#[test]
fn an_hour_of_an_epoch_ends_where_the_next_one_begins() {
    let opened = Timestamp(1_800_000_000);
    let hour = |seconds: u64| Hour::at(opened, opened.plus(seconds));
    assert_eq!((hour(0), hour(HOUR - 1), hour(HOUR), hour(2 * HOUR)), (Hour(0), Hour(0), Hour(1), Hour(2)));
    assert_eq!(Hour::at(opened, opened.minus(HOUR)), Hour(0), "before it opened");
    assert_eq!(Hour::at(Timestamp(0), Timestamp(u64::MAX)), Hour(u32::MAX));
    assert_eq!((Hour(0).before(), Hour(2).before()), (Hour(0), Hour(1)));
    assert_eq!(Hour(17).to_string(), "17");
}
