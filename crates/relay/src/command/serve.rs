//! `init` and `serve`.

use std::io::Write;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use tokio::signal::unix::{SignalKind, signal};
use watchfire_relay::bind;

use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use super::notify::Supervisor;
use super::{Problem, open};

pub(super) fn init(dir: &Path, listen: SocketAddr, url: Option<&str>) -> Result<(), Problem> {
    let key = watchfire_relay::init(dir, listen, url)?;
    let dir = dir.display();
    println!(
        "Created relay identity  {key}\n\
         This relay stores sealed records only. It cannot read alerts, names or neighborhoods.\n\
         It does see addresses, connection times and record sizes. It forgets when each neighborhood's charter says.\n\
         Whoever has {dir}/admission.token may bring a network here. Keep a copy of {dir}/identity; nothing else needs one.\n\
         Next:  watchfire-relay serve --dir {dir}"
    );
    Ok(())
}

pub(super) fn serve(dir: &Path, listen: Option<SocketAddr>) -> Result<(), Problem> {
    let mut config = open(dir)?;
    log(config.log);
    config.listen = listen.unwrap_or(config.listen);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Problem::unexpected(&error))?;
    runtime.block_on(async {
        let mut terminate = signal(SignalKind::terminate()).map_err(|error| Problem::unexpected(&error))?;
        let mut interrupt = signal(SignalKind::interrupt()).map_err(|error| Problem::unexpected(&error))?;
        let address = config.listen;
        let listener = bind(address).map_err(|error| {
            Problem::new(3, format!("cannot listen on {address}: {error}")).hint("is another relay running there?")
        })?;
        let supervisor = Supervisor::of_environment().map(Arc::new);
        let told = supervisor.clone();
        let shutdown = async move {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            tell(told.as_deref(), "STOPPING=1\nSTATUS=Tells clients to come back");
        };
        let serving = watchfire_relay::serve(listener, config, shutdown).await?;
        let ready = serde_json::json!({
            "schema": "watchfire.relay-ready/1",
            "url": serving.url(),
            "relay_key": serving.relay_key().to_string(),
            "listening": serving.address().to_string(),
            "health": serving.health_address().map(|address| address.to_string()),
            "listening_tls": serving.tls_address().map(|address| address.to_string()),
        });
        // Nobody may be reading; that is no reason not to serve.
        let mut out = std::io::stdout();
        let _ = writeln!(out, "{ready}").and_then(|()| out.flush());
        tell(supervisor.as_deref(), "READY=1\nSTATUS=Serves");
        let pulse = serving.pulse();
        let watched = supervisor.map(|supervisor| tokio::spawn(async move { supervisor.watch(pulse).await }));
        let finished = serving.finished().await;
        if let Some(watched) = watched {
            watched.abort();
        }
        Ok(finished?)
    })
}

fn tell(supervisor: Option<&Supervisor>, state: &str) {
    if let Some(supervisor) = supervisor {
        supervisor.tell(state);
    }
}

/// Only the relay's own lines: what they may say is known, and what a library's may say is not.
fn log(level: LevelFilter) {
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_target(false);
    let own = Targets::new().with_target("watchfire_relay", level);
    tracing_subscriber::registry().with(lines).with(own).init();
}
