//! How the nights went: counted from what this vault still holds.

use watchfire_protocol::time::Timestamp;
use watchfire_protocol::vocabulary::Code;

use crate::client::Client;
use crate::error::ClientError;
use crate::export::Incident;

/// What was counted. Spans are in seconds, and the middle one of all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// Sightings that were reported: reports of one sighting are one.
    pub sightings: usize,
    /// Reports.
    pub reports: usize,
    /// Sightings that a check bore out.
    pub verified: usize,
    /// Sightings that turned out to be false: not found, a false alarm, debunked.
    pub false_alarms: usize,
    /// Sightings that were dismissed, neither borne out nor false.
    pub dismissed: usize,
    /// Sightings that wait for somebody to decide.
    pub open: usize,
    /// From the first report of a sighting to the check that bore it out.
    pub time_to_verify: Option<u64>,
    /// Incidents that are over, without drills.
    pub incidents: usize,
    /// Drills that are over.
    pub drills: usize,
    /// From an alert to the first person who said that they are going.
    pub time_to_going: Option<u64>,
}

impl Stats {
    /// How many of a hundred sightings that were decided were false.
    #[must_use]
    pub fn false_alarm_percent(&self) -> Option<usize> {
        let decided = self.verified + self.false_alarms;
        // To the nearest.
        (decided > 0).then(|| (self.false_alarms * 200 + decided) / (decided * 2))
    }
}

/// A sighting, with all its reports.
pub(crate) struct Sighting {
    /// How many reports it has.
    pub(crate) reports: usize,
    /// When the first of them was written, or came.
    pub(crate) first: Timestamp,
    /// When a check bore it out first.
    pub(crate) verified: Option<Timestamp>,
    /// What the newest check found.
    pub(crate) state: Code,
    /// Whether it was debunked.
    pub(crate) debunked: bool,
    /// Whether nothing is to be done about it any more.
    pub(crate) closed: bool,
}

impl Sighting {
    fn is_false(&self) -> bool {
        self.debunked || self.state == "false-alarm" || self.state == "not-found"
    }

    fn is_verified(&self) -> bool {
        !self.is_false() && self.verified.is_some()
    }

    fn is_decided(&self) -> bool {
        self.is_verified() || self.is_false()
    }
}

/// Counts.
pub(crate) fn count(sightings: &[Sighting], incidents: &[Incident]) -> Stats {
    let counted = |fits: fn(&Sighting) -> bool| sightings.iter().filter(|sighting| fits(sighting)).count();
    let verifying = |sighting: &Sighting| Some(sighting.verified?.since(sighting.first));
    let (drills, real): (Vec<&Incident>, Vec<&Incident>) = incidents.iter().partition(|incident| incident.is_drill());
    let going = |incident: &&Incident| Some(incident.answers?.first_going?.since(incident.messages.first()?.sent));
    Stats {
        sightings: sightings.len(),
        reports: sightings.iter().map(|sighting| sighting.reports).sum(),
        verified: counted(Sighting::is_verified),
        false_alarms: counted(Sighting::is_false),
        dismissed: counted(|sighting| !sighting.is_decided() && sighting.closed),
        open: counted(|sighting| !sighting.is_decided() && !sighting.closed),
        time_to_verify: middle(sightings.iter().filter_map(verifying).collect()),
        incidents: real.len(),
        drills: drills.len(),
        time_to_going: middle(real.iter().filter_map(going).collect()),
    }
}

/// The median: one night that went wrong does not move it.
fn middle(mut spans: Vec<u64>) -> Option<u64> {
    spans.sort_unstable();
    let half = spans.len() / 2;
    let upper = *spans.get(half)?;
    if spans.len() % 2 == 1 {
        return Some(upper);
    }
    let lower = *spans.get(half.checked_sub(1)?)?;
    Some(lower + (upper - lower) / 2)
}

impl Client {
    /// How the nights went.
    ///
    /// # Errors
    /// This vault coordinates nothing, or the disk refuses.
    pub fn stats(&self) -> Result<Stats, ClientError> {
        let incidents: Vec<Incident> =
            self.incidents(&[])?.into_iter().filter(|incident| incident.answers.is_some()).collect();
        Ok(count(&self.sightings()?, &incidents))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sighting(first: u64, verified: Option<u64>, state: &'static str) -> Sighting {
        let verified = verified.map(Timestamp);
        Sighting {
            reports: 1,
            first: Timestamp(first),
            verified,
            state: Code::constant(state),
            debunked: false,
            closed: false,
        }
    }

    #[test]
    fn one_sighting_is_verified_false_or_open_and_the_middle_span_is_told() {
        let mut debunked = sighting(0, Some(50), "verified");
        debunked.debunked = true;
        let mut dismissed = sighting(0, None, "unverified");
        dismissed.closed = true;
        let mut twice = sighting(100, Some(400), "corroborated");
        twice.reports = 3;
        let all = [
            sighting(0, Some(60), "verified"),
            twice,
            debunked,
            sighting(0, None, "false-alarm"),
            sighting(0, None, "not-found"),
            sighting(0, None, "unverified"),
            dismissed,
        ];
        let stats = count(&all, &[]);
        assert_eq!((stats.sightings, stats.reports), (7, 9));
        assert_eq!((stats.verified, stats.false_alarms, stats.dismissed, stats.open), (2, 3, 1, 1));
        assert_eq!(stats.verified + stats.false_alarms + stats.dismissed + stats.open, stats.sightings);
        assert_eq!(stats.time_to_verify, Some(60));
        assert_eq!(stats.false_alarm_percent(), Some(60));
        assert_eq!(Stats::default().false_alarm_percent(), None);
    }

    #[test]
    fn the_middle_of_an_even_number_lies_between_and_of_none_there_is_none() {
        assert_eq!(middle(vec![]), None);
        assert_eq!(middle(vec![7]), Some(7));
        assert_eq!(middle(vec![9, 1, 5]), Some(5));
        assert_eq!(middle(vec![u64::MAX, u64::MAX]), Some(u64::MAX));
        assert_eq!(middle(vec![10, 20]), Some(15));
    }
}
