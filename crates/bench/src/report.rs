//! What was measured, as a table or as JSON lines.

use std::time::Duration;

use serde::Serialize;

/// The middle of several values, and the quartiles around it.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Spread {
    pub(crate) median: f64,
    pub(crate) low: f64,
    pub(crate) high: f64,
}

impl Spread {
    pub(crate) fn of(mut values: Vec<f64>) -> Self {
        values.sort_by(f64::total_cmp);
        let at = |quarter: usize| values.get(values.len().saturating_sub(1) * quarter / 4).copied().unwrap_or(f64::NAN);
        Self { median: at(2), low: at(1), high: at(3) }
    }
}

impl std::fmt::Display for Spread {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { median, low, high } = self;
        write!(f, "{} ({} to {})", short(*median), short(*low), short(*high))
    }
}

/// Three digits that matter.
fn short(value: f64) -> String {
    match value.abs() {
        large if large >= 100.0 => format!("{value:.0}"),
        middle if middle >= 10.0 => format!("{middle:.1}"),
        _ => format!("{value:.2}"),
    }
}

/// Whether smaller or larger is better, and how far it should go.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Goal {
    AtMost(f64),
    AtLeast(f64),
}

impl Goal {
    fn met(self, value: f64) -> bool {
        match self {
            Self::AtMost(most) => value <= most,
            Self::AtLeast(least) => value >= least,
        }
    }
}

/// One figure.
#[derive(Debug, Serialize)]
pub(crate) struct Figure {
    schema: &'static str,
    pub(crate) name: String,
    pub(crate) unit: &'static str,
    pub(crate) relay: Spread,
    pub(crate) plain: Option<Spread>,
    /// Relay to plain loop, round by round; what the name says where there is a goal without a plain loop.
    pub(crate) ratio: Option<Spread>,
    pub(crate) goal: Option<Goal>,
    met: Option<bool>,
}

impl Figure {
    /// Pairs of one round each.
    pub(crate) fn pairs(name: &str, unit: &'static str, pairs: &[(f64, f64)], goal: Option<Goal>) -> Self {
        let ratio = Spread::of(pairs.iter().map(|(relay, plain)| relay / plain).collect());
        Self {
            schema: "watchfire.bench/1",
            name: name.to_owned(),
            unit,
            relay: Spread::of(pairs.iter().map(|pair| pair.0).collect()),
            plain: Some(Spread::of(pairs.iter().map(|pair| pair.1).collect())),
            ratio: Some(ratio),
            goal,
            met: goal.map(|goal| goal.met(ratio.median)),
        }
    }

    /// Of the relay alone.
    pub(crate) fn alone(name: &str, unit: &'static str, values: Vec<f64>, goal: Option<Goal>) -> Self {
        let relay = Spread::of(values);
        let met = goal.map(|goal| goal.met(relay.median));
        Self { schema: "watchfire.bench/1", name: name.to_owned(), unit, relay, plain: None, ratio: None, goal, met }
    }

    pub(crate) fn print(&self, json: bool) {
        if json {
            // Nothing in it can fail to be written.
            println!("{}", serde_json::to_string(self).unwrap_or_default());
            return;
        }
        let said = |spread: Option<Spread>| spread.map_or_else(String::new, |spread| spread.to_string());
        let goal = match (self.goal, self.met) {
            (Some(Goal::AtMost(most)), Some(met)) => format!("{} at most {most}", if met { "met:" } else { "MISSED:" }),
            (Some(Goal::AtLeast(least)), Some(met)) => {
                format!("{} at least {least}", if met { "met:" } else { "MISSED:" })
            }
            _ => String::new(),
        };
        let Self { name, unit, relay, plain, ratio, .. } = self;
        println!("{name:<44} {unit:<6} {:<26} {:<26} {:<22} {goal}", relay.to_string(), said(*plain), said(*ratio));
    }
}

/// The table's first line.
pub(crate) fn heading(json: bool) {
    if !json {
        println!("{:<44} {:<6} {:<26} {:<26} {:<22} goal", "median (quartiles)", "", "relay", "plain loop", "ratio");
    }
}

pub(crate) fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}

pub(crate) fn micros(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e6
}
