//! What the commands do, one module a theme.

mod about;
mod admin;
mod affected;
mod amend;
mod answer;
mod attend;
mod chain;
mod charter;
mod compose;
mod desk;
mod device;
mod edit;
mod export;
mod follow;
mod from_report;
mod home;
mod inbox;
mod invite;
mod join;
mod kept;
mod meanwhile;
mod member;
mod network;
mod preview;
mod profile;
mod read;
mod removal;
pub(crate) mod report;
mod rights;
mod send;
pub(crate) mod sighting;
mod sign;
mod stats;
mod status;
mod template;
mod wake;
mod watch;

use crate::words::tell;
use watchfire_client::Client;
use watchfire_client::ClientError;
use watchfire_protocol::id::NeighborhoodId;

use crate::app::App;
use crate::args::{
    AdminCommand, AlertCommand, CharterCommand, Command, DeviceCommand, InviteCommand, MemberCommand,
    NeighborhoodCommand, NetworkCommand, RightsArgs, RightsCommand,
};
use crate::problem::{Done, Problem};

/// Runs a command.
pub(crate) async fn run(app: &App, command: Command) -> Done {
    match command {
        Command::Join(args) => join::join(app, args).await,
        Command::Confirm { words } => join::confirm(app, words),
        Command::Watch(args) => watch::watch(app, args).await,
        Command::Alerts { all: _, keep: Some(keep) } => read::keep(app, keep),
        Command::Alerts { all, keep: None } | Command::Alert { command: AlertCommand::List { all } } => {
            read::alerts(app, all)
        }
        Command::Alert { command: AlertCommand::Export(args) } => export::export(app, &args),
        Command::Stats => stats::stats(app),
        Command::Rights(RightsArgs { command: Some(RightsCommand::Publish { neighborhood, file }), .. }) => {
            rights::publish(app, neighborhood.as_deref(), &file).await
        }
        Command::Rights(args) => rights::rights(app, &args),
        Command::Template { command } => template::template(app, command).await,
        Command::Show { id } => read::show(app, &id),
        Command::Held => read::held(app),
        Command::Answer(args) => answer::answer(app, args).await,
        Command::Profile(args) => profile::profile(app, args).await,
        Command::Duty { command } => profile::duty(app, command),
        Command::Report(args) => report::report(app, args.in_codes(app.lang)).await,
        Command::Inbox { command } => inbox::run(app, command).await,
        Command::Status(args) => status::status(app, &args),
        Command::Sync => status::sync(app).await,
        Command::Alert { command: AlertCommand::Send(args) } => send::send(app, args.in_codes(app.lang)).await,
        Command::Alert { command: AlertCommand::Follow(args) } => follow::follow(app, args).await,
        Command::Alert { command: AlertCommand::Attend { id, handle } } => attend::attend(app, &id, &handle).await,
        Command::Alert { command: AlertCommand::Pending } => sign::pending(app).await,
        Command::Alert { command: AlertCommand::Sign { id } } => sign::sign(app, &id).await,
        Command::Alert { command: AlertCommand::Update(args) } => about::update(app, args.in_codes(app.lang)).await,
        Command::Alert { command: AlertCommand::Cancel(args) } => about::cancel(app, args).await,
        Command::Alert { command: AlertCommand::Correct(args) } => about::correct(app, args.in_codes(app.lang)).await,
        Command::Alert { command: AlertCommand::Enough(args) } => about::enough(app, args.in_codes(app.lang)).await,
        Command::Invite { command: InviteCommand::New(args) } => invite::new(app, args).await,
        Command::Invite { command: InviteCommand::List } => invite::list(app),
        Command::Invite { command: InviteCommand::Withdraw { id } } => invite::withdraw(app, &id).await,
        Command::Member { command: MemberCommand::Pending } => member::pending(app).await,
        Command::Member { command: MemberCommand::Approve(args) } => member::approve(app, args).await,
        Command::Member { command: MemberCommand::Remove(args) } => removal::remove(app, args).await,
        Command::Member { command: MemberCommand::List } => member::list(app).await,
        Command::Member { command: MemberCommand::Show { handle } } => member::show(app, &handle).await,
        Command::Rotate { neighborhood } => charter::rotate(app, neighborhood.as_deref()).await,
        Command::Desk { once } => desk::desk(app, once).await,
        Command::Network { command: NetworkCommand::Show } => network::show(app),
        Command::Network {
            command: NetworkCommand::Create { name, relay, relay_key, admission_token_file, handle },
        } => {
            let founding = network::Founding { name, relay, relay_key, admission_token_file, handle };
            network::create(app, founding).await
        }
        Command::Neighborhood { command: NeighborhoodCommand::Add { name, terms, coordinator, no_open, out } } => {
            let adding = network::Adding { names: name, terms, coordinators: coordinator, open: !no_open, out };
            network::add(app, adding).await
        }
        Command::Neighborhood { command: NeighborhoodCommand::Change(change) } => {
            amend::neighborhood(app, change).await
        }
        Command::Neighborhood { command: NeighborhoodCommand::List } => network::list(app),
        Command::Charter { command: CharterCommand::Show } => charter::show(app),
        Command::Charter { command: CharterCommand::History } => charter::history(app),
        Command::Charter { command: CharterCommand::Chain(command) } => chain::run(app, command),
        Command::Charter { command: CharterCommand::AcceptFork { hash } } => charter::accept_fork(app, &hash),
        Command::Charter { command: CharterCommand::Grant(args) } => charter::grant(app, args).await,
        Command::Charter { command: CharterCommand::Change(change) } => amend::charter(app, change).await,
        Command::Charter { command: CharterCommand::Admin { command: AdminCommand::Key(args) } } => {
            admin::key(app, &args)
        }
        Command::Charter { command: CharterCommand::Admin { command: AdminCommand::Change(change) } } => {
            amend::admin(app, change).await
        }
        Command::Charter { command: CharterCommand::Device { command: DeviceCommand::Key { out } } } => {
            admin::device_key(app, out)
        }
        Command::Charter { command: CharterCommand::Device { command: DeviceCommand::Change(change) } } => {
            amend::device(app, change).await
        }
        Command::Charter { command: CharterCommand::Sign { file } } => amend::sign(app, &file),
        Command::Charter { command: CharterCommand::Publish { file } } => amend::publish(app, &file).await,
        Command::Leave(args) => device::leave(app, &args),
        Command::Passphrase(args) => device::passphrase(app, &args),
        Command::Demo => Ok(crate::demo::run(app.lang).await?),
        Command::Wipe => device::wipe(app),
        Command::Completions(args) => device::completions(app, &args),
        Command::Help { command } => device::help(app, &command),
    }
}

/// Waits until somebody stops the command.
async fn interrupted() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// The neighborhoods of this vault, with their names.
fn hoods(client: &Client) -> Result<Vec<(NeighborhoodId, String)>, Problem> {
    let mut hoods = client.hoods()?;
    hoods.sort_by(|(_, one), (_, other)| one.cmp(other));
    Ok(hoods)
}

/// The neighborhoods that this vault coordinates, with their names.
fn coordinated(client: &Client, what: &'static str) -> Result<Vec<(NeighborhoodId, String)>, Problem> {
    let hoods: Vec<(NeighborhoodId, String)> =
        client.status()?.hoods.into_iter().filter(|hood| hood.coordinator).map(|hood| (hood.id, hood.name)).collect();
    if hoods.is_empty() { Err(ClientError::NotGranted(what).into()) } else { Ok(hoods) }
}

/// Connects to a neighborhood once: sends what waits, fetches what is new, and does what is due.
async fn refresh(client: &Client, hood: NeighborhoodId) -> Result<(), ClientError> {
    let (link, _) = client.connected(hood).await?;
    link.goodbye().await;
    Ok(())
}

/// Connects if a relay answers; says so if none does, and goes on with what the vault holds.
async fn refresh_if_possible(app: &App, client: &Client, hood: NeighborhoodId) -> Result<(), Problem> {
    match refresh(client, hood).await {
        Err(ClientError::Unreachable { .. } | ClientError::Broken(_)) => {
            app.warn(tell!(app.lang, "commands-relay-answers-vault"));
            Ok(())
        }
        other => Ok(other?),
    }
}
