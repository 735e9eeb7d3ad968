//! `charter` and `rotate`.

use serde_json::{Value, json};
use watchfire_client::ForkView;
use watchfire_client::file::rfc3339;
use watchfire_client::ops::amend::{Amendment, GrantTerms, Outcome};
use watchfire_client::ops::charter::{CharterView, Namebook, VersionView};
use watchfire_protocol::charter::{self as protocol, Expiry, Restricted, Restriction};
use watchfire_protocol::id::Epoch;

use super::amend;
use crate::app::App;
use crate::args::{GrantArgs, Right};
use crate::problem::{DONE, Done, Problem};
use crate::progress;
use crate::shape;
use crate::words::{Lang, and, charter, clock, days, fork, sanitize, tell};

pub(super) fn show(app: &App) -> Done {
    let client = app.open()?;
    let view = client.charter()?;
    let branches = view.forks.iter().map(|fork| client.fork_branches(fork)).collect::<Result<Vec<_>, _>>()?;
    app.result(&charter_object(&view, &branches), || charter_words(app.lang, &view, &branches))?;
    amend::tell_unknown_names(app, &client)?;
    Ok(DONE)
}

fn charter_object(view: &CharterView, branches: &[[Vec<VersionView>; 2]]) -> Value {
    let body = view.charter.body();
    let grants = body.grants.iter().flat_map(|grant| {
        let handle = view.names.handle(&grant.coordinator);
        grant.scopes.iter().map(move |scope| {
            json!({
                "handle": handle,
                "devices": grant.devices.iter().map(ToString::to_string).collect::<Vec<_>>(),
                "neighborhood": view.names.neighborhood(&scope.neighborhood),
                "rights": rights(scope.dispatch, scope.enroll),
                "from": rfc3339(scope.not_before),
                "until": rfc3339(scope.not_after),
            })
        })
    });
    json!({
        "schema": "watchfire.charter/1",
        "version": view.charter.version(),
        "hash": view.charter.hash().to_string(),
        "issued": rfc3339(body.issued),
        "expires": rfc3339(body.expires),
        "threshold": body.threshold,
        "restrict-threshold": body.restrict_threshold,
        "admins": body.admins.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "relays": body.relays.iter().map(|relay| json!({"url": relay.url, "key": relay.key.to_string()})).collect::<Vec<_>>(),
        "grants": grants.collect::<Vec<_>>(),
        "revocations": body.revocations.iter().map(|revocation| json!({
            "key": revocation.key.to_string(),
            "neighborhood": view.names.neighborhood(&revocation.neighborhood),
            "distrust-from": revocation.distrust_from.0,
        })).collect::<Vec<_>>(),
        "restrictions": view.restrictions.iter().map(|held| restriction_object(view, held)).collect::<Vec<_>>(),
        "forks": view.forks.iter().zip(branches).map(|(fork, both)| fork_object(view, fork, both)).collect::<Vec<_>>(),
        "newer-charter-since": view.newer.map(rfc3339),
    })
}

fn fork_object(view: &CharterView, fork: &ForkView, [held, other]: &[Vec<VersionView>; 2]) -> Value {
    let versions = |branch: &[VersionView]| -> Value {
        branch.iter().map(|version| version_object(&view.names, version)).collect::<Vec<_>>().into()
    };
    let mut object = fork::object(fork);
    if let Some(fields) = object.as_object_mut() {
        fields.insert("held-versions".to_owned(), versions(held));
        fields.insert("other-versions".to_owned(), versions(other));
    }
    object
}

fn restriction_object(view: &CharterView, held: &Restriction) -> Value {
    let entry = |entry: &Restricted| {
        let taken = |right| entry.right == right || entry.distrust_from.is_some();
        json!({
            "who": view.names.subject(&entry.subject),
            "neighborhood": view.names.neighborhood(&entry.neighborhood),
            "rights": rights(taken(protocol::Right::Dispatch), taken(protocol::Right::Enroll)),
            "distrust-from": entry.distrust_from.map(|Epoch(number)| number),
        })
    };
    json!({
        "hash": held.hash().to_string(),
        "since": rfc3339(held.body().issued),
        "signed-by": held.signed().signatures.iter().map(|by| by.signer.to_string()).collect::<Vec<_>>(),
        "takes": held.body().entries.iter().map(entry).collect::<Vec<_>>(),
    })
}

fn restriction_words(lang: Lang, view: &CharterView, held: &Restriction) -> String {
    let since = clock::date(lang, held.body().issued);
    let signers = held.signed().signatures.iter().map(|by| charter::admin(lang, &view.names, &by.signer));
    let signers = and(lang, &signers.collect::<Vec<_>>());
    let mut words = tell!(lang, "charter-since", since, signers);
    for entry in &held.body().entries {
        words.push_str(&format!("\n    {}", charter::restricted(lang, &view.names, entry)));
    }
    words
}

fn rights(dispatch: bool, enroll: bool) -> Vec<&'static str> {
    [("dispatch", dispatch), ("enroll", enroll)].into_iter().filter(|(_, has)| *has).map(|(name, _)| name).collect()
}

fn charter_words(lang: Lang, view: &CharterView, branches: &[[Vec<VersionView>; 2]]) -> String {
    let (body, names) = (view.charter.body(), &view.names);
    let (version, hash) = (view.charter.version(), view.charter.hash());
    let (issued, expires) = (clock::date(lang, body.issued), expiry_words(lang, view));
    let (threshold, admins, restrict) = (body.threshold, body.admins.len(), body.restrict_threshold);
    let mut lines =
        vec![tell!(lang, "charter-version-issued", version, issued, expires, hash, threshold, admins, restrict)];
    lines.extend(body.admins.iter().map(|key| {
        let whose = names.admin(key).map(|_| tell!(lang, "charter-you")).unwrap_or_default();
        format!("  {key}{whose}")
    }));
    lines.extend(view.forks.iter().zip(branches).map(|(fork, both)| fork::details(lang, fork, Some((names, both)))));
    lines.extend(view.newer.map(|_| fork::newer(lang).to_owned()));
    lines.push(tell!(lang, "charter-relays").to_owned());
    lines.extend(body.relays.iter().map(|relay| format!("  {}  {}", sanitize(&relay.url), relay.key)));
    lines.push(tell!(lang, "charter-coordinators").to_owned());
    for grant in &body.grants {
        let handle = sanitize(&names.handle(&grant.coordinator));
        for scope in &grant.scopes {
            let hood = sanitize(&names.neighborhood(&scope.neighborhood));
            let (rights, until) =
                (charter::rights(lang, scope.dispatch, scope.enroll), clock::last_day(lang, scope.not_after));
            lines.push(tell!(lang, "charter-may-until", handle, hood, rights, until));
        }
        lines.extend(grant.devices.iter().map(|key| tell!(lang, "charter-device", handle, key)));
    }
    if !body.revocations.is_empty() {
        lines.push(tell!(lang, "charter-revoked-keys").to_owned());
    }
    for revocation in &body.revocations {
        let hood = sanitize(&names.neighborhood(&revocation.neighborhood));
        let (key, from) = (charter::short_key(&revocation.key), revocation.distrust_from);
        lines.push(tell!(lang, "charter-distrusted-epoch", key, hood, from));
    }
    if !view.restrictions.is_empty() {
        lines.push(tell!(lang, "charter-restrictions-until-version").to_owned());
    }
    lines.extend(view.restrictions.iter().map(|held| restriction_words(lang, view, held)));
    lines.extend(charter::fragile(lang, body).map(|advice| tell!(lang, "charter-careful", advice)));
    lines.join("\n")
}

fn expiry_words(lang: Lang, view: &CharterView) -> String {
    let date = clock::date(lang, view.charter.body().expires);
    match view.expiry {
        Expiry::Fine => tell!(lang, "charter-expires", date),
        Expiry::Soon { days: left } => {
            let left = days(lang, left);
            tell!(lang, "charter-expires-renew", date, left)
        }
        Expiry::Grace { days: past } | Expiry::Expired { days: past } => {
            let past = days(lang, past);
            tell!(lang, "charter-expired-ago-renew", past)
        }
    }
}

pub(super) fn history(app: &App) -> Done {
    let lang = app.lang;
    let client = app.open()?;
    let names = client.charter()?.names;
    for view in client.charter_history()? {
        app.result(&version_object(&names, &view), || {
            let (version, issued) = (view.version, clock::date(lang, view.issued));
            let signers: Vec<String> = view.signers.iter().map(|key| charter::admin(lang, &names, key)).collect();
            let signers = and(lang, &signers);
            let mut words = tell!(lang, "charter-signed", version, issued, signers);
            for change in &view.changes {
                words.push_str(&format!("\n   {}", charter::change(lang, &names, change)));
            }
            words
        })?;
    }
    Ok(DONE)
}

fn version_object(names: &Namebook, view: &VersionView) -> Value {
    json!({
        "schema": "watchfire.charter-version/1",
        "version": view.version,
        "issued": rfc3339(view.issued),
        "expires": rfc3339(view.expires),
        "signers": view.signers.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "changes": view.changes.iter().map(|change| charter::change(Lang::EN, &names.impersonal(), change)).collect::<Vec<_>>(),
    })
}

pub(super) fn accept_fork(app: &App, hash: &str) -> Done {
    let lang = app.lang;
    let client = app.open()?;
    let (version, chosen) = client.fork_of(hash)?;
    let names = client.charter()?.names;
    for fork in client.forks()?.iter().filter(|fork| fork.version == version) {
        let both = client.fork_branches(fork)?;
        app.tell_before_asking(&fork::details(lang, fork, Some((&names, &both))));
    }
    app.confirm(&tell!(lang, "charter-stand-version-good", chosen, version))?;
    let forks = client.accept_fork(hash)?;
    let newest = client.charter()?;
    let object = json!({
        "schema": "watchfire.fork/1",
        "version": version,
        "chosen": chosen.to_string(),
        "charter-version": newest.charter.version(),
        "charter": newest.charter.hash().to_string(),
        "forks": forks.iter().map(fork::object).collect::<Vec<_>>(),
    });
    app.result(&object, || {
        let now = newest.charter.version();
        tell!(lang, "charter-counts-version-newest", chosen, version, now)
    })?;
    Ok(DONE)
}

pub(super) async fn grant(app: &App, args: GrantArgs) -> Done {
    let lang = app.lang;
    let until = args.until.as_deref().map(|text| {
        clock::until(text).ok_or_else(|| {
            let text = sanitize(text);
            Problem::usage(tell!(lang, "charter-date-wanted-one", text))
        })
    });
    let until = until.transpose()?;
    amend::check_out(app, &args.out)?;
    let client = app.open()?;
    let hood = client.charter_hood(args.neighborhood.as_deref())?;
    let has = |right| args.right.contains(&right);
    let (dispatch, enroll) = (has(Right::Dispatch), has(Right::Enroll));
    let terms = GrantTerms { handle: args.handle.clone(), hood, dispatch, enroll, until };
    let done = match Box::pin(client.amend(&Amendment::Grant(terms), args.out.out.is_some())).await? {
        Outcome::Drafted(drafted) => return amend::write_draft(app, &drafted, &args.out),
        Outcome::Published(done) | Outcome::Unchanged(done) => done,
    };
    let epoch = done.epochs.iter().find(|(place, _)| *place == hood).map(|(_, epoch)| *epoch);
    let (version, handle) = (done.version, sanitize(&args.handle));
    let object = json!({
        "schema": "watchfire.grant/1",
        "handle": args.handle,
        "rights": rights(dispatch, enroll),
        "charter-version": version,
        "epoch": epoch.map(|Epoch(number)| number),
    });
    app.result(&object, || {
        let rights = charter::rights(lang, dispatch, enroll);
        match epoch {
            Some(epoch) => tell!(lang, "charter-may-now-charter", handle, rights, version, epoch),
            None => tell!(lang, "charter-may-now-charter-version", handle, rights, version),
        }
    })?;
    amend::tell_waiting(app, &done);
    if done.waiting.is_empty() {
        app.tell(tell!(lang, "charter-they-hold-coordinators"));
    }
    if let Some(to) = client.quorum_to_restore(hood)? {
        let held = client.charter()?.charter.neighborhood(hood).map_or(1, |terms| terms.quorum);
        let name = sanitize(&done.names.neighborhood(&hood));
        app.tell(&tell!(lang, "amend-quorum-raise", name, held, to));
    }
    Ok(DONE)
}

pub(super) async fn rotate(app: &App, neighborhood: Option<&str>) -> Done {
    let lang = app.lang;
    let client = progress::told(app, app.open()?);
    let hood = client.hood_named(neighborhood)?;
    let epoch = client.rotate(hood).await?;
    let status = client.status()?;
    let view = status.hoods.iter().find(|view| view.id == hood);
    let name = view.map(|view| view.name.clone()).unwrap_or_default();
    let words: &[String] = view.map_or(&[], |view| shape::words(lang, &view.epoch_words));
    let object = json!({
        "schema": "watchfire.epoch/1",
        "neighborhood": name,
        "epoch": epoch.0,
        "epoch-words": words,
    });
    app.result(&object, || {
        let (name, words) = (sanitize(&name), words.join("  "));
        tell!(lang, "charter-new-keys-epoch", name, epoch, words)
    })?;
    Ok(DONE)
}
