//! A coordinator and two responders in one program: an alert goes out, both see it, one answers.
//!
//! ```text
//! cargo run -p watchfire-examples --example two_responders
//! ```

use std::error::Error;
use std::path::Path;
use std::time::Duration;

use watchfire_client::file::alert;
use watchfire_client::ops::invite::InviteTerms;
use watchfire_client::ops::join::JoinTerms;
use watchfire_client::ops::network::NeighborhoodTerms;
use watchfire_client::ops::view::Filter;
use watchfire_client::vault::Passphrase;
use watchfire_client::{Client, system_clock};
use watchfire_protocol::id::parse_base32;
use watchfire_protocol::invite::InviteLink;
use watchfire_protocol::roster::InviteRole;
use watchfire_protocol::vocabulary::{AnswerContent, Code};
use watchfire_relay::{Config, bind, init, serve};

/// A vault of one's own: one person on one device.
fn vault(folder: &Path, name: &str) -> Result<Client, Box<dyn Error>> {
    let passphrase = Passphrase::new(format!("only {name} knows this"))?;
    Ok(Client::open_or_create(&folder.join(name), &passphrase, system_clock())?)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let dir = folder.path().join("relay");
    let relay_key = init(&dir, "127.0.0.1:0".parse()?, None)?;
    let serving = serve(bind("127.0.0.1:0".parse()?)?, Config::open(&dir)?, std::future::pending()).await?;
    let token = parse_base32(std::fs::read_to_string(dir.join("admission.token"))?.trim())?;

    let coordinator = vault(folder.path(), "coordinator")?;
    coordinator.create_network("Mill Quarter", "Rosa", serving.url(), relay_key, Some(token)).await?;
    let added = coordinator.add_neighborhoods(&["Old Mill".to_owned()], NeighborhoodTerms::default(), true).await?;
    let hood = added.first().ok_or("no neighborhood")?.id;

    let mut responders = Vec::new();
    for name in ["Ida", "Noor"] {
        let responder = vault(folder.path(), name)?;
        let terms = InviteTerms {
            role: InviteRole::Responder,
            handle: name.to_owned(),
            uses: 1,
            expires_in: 600,
            // Handed over in person: no words are needed, and the coordinator's next command approves by itself.
            auto_approve: true,
        };
        let invite = coordinator.invite(hood, &terms).await?;
        let terms = JoinTerms { handle: name.to_owned(), languages: vec!["en".to_owned()], roles: vec![] };
        let joining = responder.join(&InviteLink::parse(&invite.link)?, &terms).await?;
        coordinator.connected(hood).await?.0.goodbye().await;
        responder.wait_for_approval(hood, Duration::from_secs(20)).await?;
        println!("{name} is a member, by request {}", joining.request);
        responders.push((name, responder));
    }

    let (content, expires) = alert::parse(include_str!("alerts/flood.json"))?;
    let draft = coordinator.draft_alert(hood, content, expires)?;
    let sent = coordinator.send_alert(draft).await?;
    for (name, responder) in &responders {
        responder.connected(hood).await?.0.goodbye().await;
        for view in responder.alerts(Filter::default())? {
            println!("{name} sees {} from {:?}: {:?}", view.short, view.signed_by, view.shown.label());
        }
    }
    let (_, first) = responders.first().ok_or("no responder")?;
    first.answer(&sent.id.to_string(), AnswerContent::new(Code::new("going")?)).await?;
    coordinator.connected(hood).await?.0.goodbye().await;
    let tally = coordinator.tally(&coordinator.alert(&sent.id.to_string())?)?;
    println!("{} going", tally.going);
    Ok(())
}
