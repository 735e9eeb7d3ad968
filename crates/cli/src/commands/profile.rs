//! `profile` and `duty`: what this person offers, and when they want to be woken.

use serde_json::{Value, json};
use watchfire_client::Client;
use watchfire_client::ops::duty::{Duty, NotQuiet};
use watchfire_client::ops::offer::OfferChange;
use watchfire_protocol::id::NeighborhoodId;
use watchfire_protocol::roster::Offer;
use watchfire_protocol::vocabulary::List;

use super::{hoods, join};
use crate::app::App;
use crate::args::{DutyCommand, ProfileArgs};
use crate::problem::{DONE, Done, Problem, QUEUED};
use crate::words::{Lang, and, code, error, language, sanitize, tell};

pub(super) async fn profile(app: &App, args: ProfileArgs) -> Done {
    let lang = app.lang;
    let offered = join::Offer::of(lang, &args.role, &args.speaks)?;
    let change = OfferChange {
        roles: (!args.role.is_empty()).then_some(offered.roles),
        languages: (!args.speaks.is_empty()).then_some(offered.languages),
    };
    let client = app.open()?;
    let hoods = match &args.neighborhood {
        Some(name) => {
            let hood = client.hood_named(Some(name))?;
            hoods(&client)?.into_iter().filter(|(id, _)| *id == hood).collect()
        }
        None => hoods(&client)?,
    };
    if hoods.is_empty() {
        return Err(Problem::not_found(tell!(lang, "watch-vault-neighborhood-yet")).hint(tell!(lang, "watch-join-one")));
    }
    if change == OfferChange::default() {
        return show(app, &client, &hoods);
    }
    let mut done = DONE;
    for (hood, _) in hoods {
        let offered = client.change_offer(hood, change.clone()).await?;
        let state = if offered.receipt.is_some() { "accepted" } else { "queued" };
        let name = sanitize(&offered.neighborhood);
        app.result(&object(&name, Some(&offered.offer), Some(state)), || words(lang, &name, Some(&offered.offer)))?;
        if let Some(why) = offered.why_queued {
            app.warn(&error::message(lang, &why));
            app.tell(tell!(lang, "profile-queued"));
            done = QUEUED;
        } else {
            app.tell(tell!(lang, "profile-sent"));
        }
    }
    Ok(done)
}

fn show(app: &App, client: &Client, hoods: &[(NeighborhoodId, String)]) -> Done {
    for (hood, name) in hoods {
        let (offer, name) = (client.offer(*hood)?, sanitize(name));
        app.result(&object(&name, offer.as_ref(), None), || words(app.lang, &name, offer.as_ref()))?;
    }
    Ok(DONE)
}

fn object(neighborhood: &str, offer: Option<&Offer>, state: Option<&str>) -> Value {
    json!({
        "schema": "watchfire.profile/1",
        "neighborhood": neighborhood,
        "roles": offer.map(|offer| offer.roles.iter().map(ToString::to_string).collect::<Vec<_>>()),
        "languages": offer.map(|offer| offer.languages.iter().map(ToString::to_string).collect::<Vec<_>>()),
        "state": state,
    })
}

fn words(lang: Lang, name: &str, offer: Option<&Offer>) -> String {
    let Some(offer) = offer else { return tell!(lang, "profile-unknown", name) };
    let roles: Vec<_> = offer.roles.iter().map(|role| code(lang, List::Role, role)).collect();
    let spoken: Vec<_> = offer.languages.iter().map(|tag| language(lang, tag)).collect();
    let nothing = || tell!(lang, "profile-nothing").to_owned();
    let roles = if roles.is_empty() { nothing() } else { and(lang, &roles) };
    let spoken = if spoken.is_empty() { nothing() } else { and(lang, &spoken) };
    tell!(lang, "profile-offer", name, roles, spoken)
}

pub(super) fn duty(app: &App, command: Option<DutyCommand>) -> Done {
    let lang = app.lang;
    let wanted = command.map(|command| wanted(lang, command)).transpose()?;
    let client = app.open()?;
    if let Some(wanted) = wanted {
        client.set_duty(wanted)?;
    }
    let duty = client.duty()?;
    let hours = duty.quiet.map(|quiet| quiet.to_string());
    let state = match (duty.off, &hours) {
        (true, _) => "off",
        (false, Some(_)) => "quiet",
        (false, None) => "on",
    };
    let object = json!({"schema": "watchfire.duty/1", "duty": state, "quiet": hours});
    app.result(&object, || match (duty.off, &hours) {
        (true, _) => tell!(lang, "profile-duty-off").to_owned(),
        (false, Some(hours)) => {
            let (from, to) = hours.split_once('-').unwrap_or((hours, ""));
            tell!(lang, "profile-duty-quiet", from, to)
        }
        (false, None) => tell!(lang, "profile-duty-on").to_owned(),
    })?;
    Ok(DONE)
}

fn wanted(lang: Lang, command: DutyCommand) -> Result<Duty, Problem> {
    Ok(match command {
        DutyCommand::On => Duty { off: false, quiet: None },
        DutyCommand::Off => Duty { off: true, quiet: None },
        DutyCommand::Quiet { hours } => {
            let quiet = hours.parse().map_err(|error: NotQuiet| {
                let found = sanitize(&error.found);
                Problem::usage(tell!(lang, "profile-no-hours", found)).hint(tell!(lang, "profile-no-hours-hint"))
            })?;
            Duty { off: false, quiet: Some(quiet) }
        }
    })
}
