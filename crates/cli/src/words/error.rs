//! What went wrong and what to do next, in both languages.

use watchfire_client::ClientError;
use watchfire_client::error::Unsignable;
use watchfire_client::vault::VaultError;
use watchfire_protocol::fork::ChoiceError;
use watchfire_protocol::frame::Refusal;
use watchfire_protocol::invite::LinkError;

use super::{Lang, and, charter, file, or, plural, tell};

/// What failed.
pub(crate) fn message(lang: Lang, error: &ClientError) -> String {
    match (lang, error) {
        (_, ClientError::NoNeighborhood { name, .. }) if name.is_empty() => {
            tell!(lang, "errors-vault-neighborhood-yet").to_owned()
        }
        (_, ClientError::Edit(error)) => charter::edit(lang, error),
        (_, ClientError::MoreSignatures { version, missing, .. }) => {
            let more = plural(
                u64::try_from(*missing).unwrap_or(u64::MAX),
                tell!(lang, "errors-more-signature"),
                tell!(lang, "errors-more-signatures"),
            );
            match version {
                Some(version) => tell!(lang, "errors-version-charter-force", version, more),
                None => tell!(lang, "errors-restriction-force-lacks", more),
            }
        }
        (_, ClientError::Charter(error)) => {
            let why = charter::refused(lang, error);
            tell!(lang, "errors-charter-refused", why)
        }
        (Lang::EN, error) => error.to_string(),
        (_, error) => spanish(error),
    }
}

fn spanish(error: &ClientError) -> String {
    match error {
        ClientError::Vault(error) => vault(error).to_owned(),
        ClientError::Unreachable { url, .. } => format!("ningún retransmisor responde en {url}"),
        ClientError::Broken(_) => "se cortó la conexión con el retransmisor".to_owned(),
        ClientError::WrongRelay { url, .. } => format!("el retransmisor de {url} no es el que nombra el estatuto"),
        ClientError::Refused(refusal) => format!("el retransmisor se negó: {}", refused(refusal)),
        ClientError::NotAllowed { .. } => "el retransmisor todavía no atiende a esta red".to_owned(),
        ClientError::Restriction(error) => format!("se rechazó la restricción: {error}"),
        ClientError::Forked { version } => format!(
            "hay dos estatutos de la versión {version}, ambos firmados por administración: no se agrega nada hasta que usted elija uno"
        ),
        ClientError::Choice(ChoiceError::Unknown) => "ninguna bifurcación tiene un estatuto con esa suma".to_owned(),
        ClientError::Choice(ChoiceError::Unseen { version }) => {
            format!("el estatuto de la versión {version} con esa suma no se ha visto todavía")
        }
        ClientError::File(error) => file::spanish(error),
        ClientError::Link(error) => link(*error).to_owned(),
        ClientError::Untrusted(why) => format!("lo que muestra el retransmisor no es de fiar: {}", phrase(why)),
        ClientError::ShownCharter(error) => {
            format!("lo que muestra el retransmisor no es de fiar: se rechaza un estatuto suyo, {error}")
        }
        ClientError::NoNetwork => "esta bóveda todavía no está en ninguna red".to_owned(),
        ClientError::HasNetwork => "esta bóveda ya está en una red".to_owned(),
        ClientError::NoNeighborhood { name, .. } => format!("no hay ningún vecindario `{name}` en esta bóveda"),
        ClientError::NotFound { what, name } => format!("aquí no hay {} `{name}`", thing(what)),
        ClientError::Ambiguous { what, name } => format!("`{name}` puede ser más de un {}", thing(what)),
        ClientError::Expired { what, name } => format!("ya venció: {} `{name}`", thing(what)),
        ClientError::NotGranted(what) => format!("esta bóveda no tiene permiso para {}", phrase(what)),
        ClientError::NoKeys { name } => format!("esta bóveda todavía no tiene claves de `{name}`"),
        ClientError::Unsignable(why) => unsignable(*why).to_owned(),
        ClientError::NoAdminKey => "esta bóveda no tiene ninguna clave de administración".to_owned(),
        ClientError::HasAdminKey => "esta bóveda ya tiene otra clave de administración".to_owned(),
        ClientError::Paper(error) => {
            format!("estas no son las palabras de una clave de administración: {}", charter::paper(*error))
        }
        ClientError::KeyFile(error) => charter::key_file(*error).to_owned(),
        ClientError::CharterFile(error) => charter::charter_file(error).to_owned(),
        ClientError::Draft(error) => charter::draft(error),
        ClientError::Closed { name } => format!("el vecindario `{name}` está cerrado"),
        // Said in both languages before.
        ClientError::Edit(_) | ClientError::Charter(_) | ClientError::MoreSignatures { .. } => message(Lang::ES, error),
        ClientError::WrongWords => "estas no son las palabras de esta solicitud".to_owned(),
        ClientError::Invalid(why) => phrase(why).to_owned(),
        ClientError::Queued => "queda en la bóveda por enviar: ningún retransmisor responde".to_owned(),
        ClientError::Timeout(why) => phrase(why).to_owned(),
        ClientError::Raced => "otra persona de coordinación abrió una época al mismo tiempo, varias veces".to_owned(),
        ClientError::Unexpected(why) => format!("algo inesperado: {why}"),
    }
}

fn vault(error: &VaultError) -> &'static str {
    match error {
        VaultError::Missing => "no hay ninguna bóveda en esta carpeta",
        VaultError::Exists => "ya hay una bóveda en esta carpeta",
        VaultError::WrongPassphrase => "la contraseña no abre esta bóveda",
        VaultError::Passphrase => "una contraseña tiene de 1 a 1024 bytes",
        VaultError::Newer => "esta bóveda la hizo una versión más nueva de watchfire",
        VaultError::Damaged => "la bóveda está dañada: un valor no se abre",
        VaultError::Sqlite(_) | VaultError::Io(_) => "no se puede usar el archivo de la bóveda",
    }
}

fn unsignable(why: Unsignable) -> &'static str {
    match why {
        Unsignable::Own => "usted envió esta alerta: las otras firmas les tocan a otras personas",
        Unsignable::Already => "usted ya firmó esta alerta",
        Unsignable::OtherDevice => {
            "usted ya firmó esta alerta, desde otro equipo: cada persona de coordinación cuenta una vez"
        }
        Unsignable::Full => "esta alerta ya tiene ocho firmas, las que caben en una alerta",
    }
}

fn link(error: LinkError) -> &'static str {
    match error {
        LinkError::NotALink => "un enlace de invitación empieza con WATCHFIRE:1/",
        LinkError::Newer => "este enlace lo hizo una versión más nueva de watchfire",
        LinkError::Typo => "el enlace tiene un error o está incompleto: su suma de control no coincide",
        LinkError::Host => "el enlace no nombra ningún retransmisor al que se pueda llegar",
    }
}

fn refused(refusal: &Refusal) -> String {
    match refusal {
        Refusal::NotAllowed => "no atiende a esta red".to_owned(),
        Refusal::NotGranted => "el estatuto no da ese permiso a esta clave".to_owned(),
        Refusal::NotFound => "no lo tiene".to_owned(),
        Refusal::InviteEnded => "la invitación ya terminó".to_owned(),
        Refusal::SlowDown { seconds } => format!("demasiadas peticiones, espere {seconds} s"),
        Refusal::QuotaFull => "el espacio de la red en el retransmisor está lleno".to_owned(),
        Refusal::Internal => "falló y no aceptó nada".to_owned(),
        other => other.to_string(),
    }
}

fn thing(what: &str) -> &str {
    match what {
        "alert" => "alerta",
        "invite" => "invitación",
        "member" => "integrante",
        "request" => "solicitud",
        "charter in a fork" => "estatuto en una bifurcación",
        "coordinator" => "persona de coordinación",
        "admin" => "clave de administración",
        "device" => "clave de equipo",
        "relay" => "retransmisor",
        "network to confirm" => "red por confirmar",
        "join request for" => "solicitud de ingreso para",
        "the invite of" | "the invite of request" => "la invitación de",
        other => other,
    }
}

/// What the client says in words of its own. A sentence that nobody put into Spanish yet stays as it is.
fn phrase(english: &str) -> &str {
    match english {
        "add neighborhoods" => "agregar vecindarios",
        "approve members" | "approve members here" => "aprobar integrantes aquí",
        "be a coordinator" | "act as a coordinator" => "coordinar",
        "change the charter" => "cambiar el estatuto",
        "change the roster" => "cambiar la lista de integrantes",
        "withdraw invites of this neighborhood" => "retirar invitaciones de este vecindario",
        "invite people" | "invite people to this neighborhood" => "invitar a este vecindario",
        "keep a desk" => "atender una mesa de coordinación",
        "open an epoch" | "open an epoch here" => "abrir una época aquí",
        "open an epoch: it does not hold the roster" => "abrir una época: no tiene la lista de integrantes",
        "approve again whom it approved itself" => "aprobar otra vez a quien aprobó ella misma",
        "remove members" | "remove members here" => "quitar integrantes aquí",
        "nobody removes themselves: another coordinator can, or leave" => {
            "nadie se quita a sí mismo: puede hacerlo otra persona de coordinación, o salga usted"
        }
        "nobody who may approve people would be left: grant somebody that right first" => {
            "no quedaría nadie que pueda aprobar personas: primero dé ese permiso a alguien"
        }
        "a reason has at most 256 bytes" => "un motivo tiene a lo sumo 256 bytes",
        "its epoch is another one of the same number: a coordinator's next command opens one after both" => {
            "su época es otra con el mismo número: la próxima orden de quien coordina abre una después de ambas"
        }
        "see the answers of this neighborhood" => "ver las respuestas de este vecindario",
        "see the invites" | "see the invites of this neighborhood" => "ver las invitaciones",
        "see the members" | "see the members of this neighborhood" => "ver a sus integrantes",
        "see who waits" | "see who waits for this neighborhood" => "ver quién espera aprobación",
        "send alerts" | "send alerts here" | "send alerts to this neighborhood" => "enviar alertas a este vecindario",
        "sign alerts of this neighborhood" => "firmar alertas de este vecindario",
        "that one ends or corrects another alert: name the alert that it is about" => {
            "esa termina o corrige otra alerta: nombre la alerta de la que trata"
        }
        "withdraw invites" => "retirar invitaciones",
        "write to this channel" => "escribir en este canal",
        "say which right to grant: --right dispatch, --right enroll" => {
            "diga qué permiso: --right dispatch, --right enroll"
        }
        "another neighborhood is called so already" => "ya hay otro vecindario que se llama así",
        "say who coordinates it, as this device does not: --coordinator HANDLE" => {
            "diga quién lo coordina, porque este equipo no: --coordinator NOMBRE"
        }
        "--auto-approve is for one responder: one use" => {
            "--auto-approve es para una sola persona que responde: un uso"
        }
        "this vault is a member of that neighborhood already" => "esta bóveda ya es integrante de ese vecindario",
        "this vault knows several neighborhoods: say which with --neighborhood" => {
            "esta bóveda conoce varios vecindarios: diga cuál con --neighborhood"
        }
        "not approved yet: run the same command again later" => "todavía sin aprobar: repita la misma orden más tarde",
        "it does not know the network of this link" => "no conoce la red de este enlace",
        "it shows no announcement" => "no muestra ningún anuncio de época",
        "it shows no charter" => "no muestra ningún estatuto",
        "its announcements do not lead to the current one" => "sus anuncios no llevan al actual",
        "its charter has no neighborhood that the link names" => {
            "su estatuto no tiene el vecindario que nombra el enlace"
        }
        "its charter is not the one that the link names" => "su estatuto no es el que nombra el enlace",
        "its charter is another one than this vault's, of the same version" => {
            "su estatuto es otro que el de esta bóveda, con la misma versión"
        }
        "its epoch is before the one of the request" => "su época es anterior a la de la solicitud",
        "its epoch is too far ahead" => "su época está demasiado adelante",
        "the neighborhood has no epoch yet; try again later" => {
            "el vecindario no tiene época todavía; pruebe más tarde"
        }
        "the request names an epoch that is not here yet" => "la solicitud nombra una época que aún no está aquí",
        other => other,
    }
}

/// What to do next.
pub(crate) fn hint(lang: Lang, error: &ClientError) -> Option<String> {
    let hint = match lang {
        Lang::EN => error.hint(),
        _ => spanish_hint(error),
    };
    hint.or_else(|| next(lang, error).map(str::to_owned)).or_else(|| of_charters(lang, error))
}

/// What to try when a charter is to be changed.
fn of_charters(lang: Lang, error: &ClientError) -> Option<String> {
    Some(match error {
        ClientError::Edit(error) => charter::edit_hint(lang, error)?.to_owned(),
        ClientError::Draft(error) => charter::draft_hint(lang, error).to_owned(),
        ClientError::MoreSignatures { awaited, .. } => {
            let keys: Vec<String> = awaited.iter().map(charter::short_key).collect();
            let keys = or(lang, &keys);
            tell!(lang, "errors-nothing-published-pass", keys)
        }
        _ => return None,
    })
}

/// What to try where the client does not know which commands there are.
const fn next(lang: Lang, error: &ClientError) -> Option<&'static str> {
    let (en, es) = match error {
        ClientError::NotFound { what, .. } => match what.as_bytes() {
            b"alert" => (
                "see all of them: watchfire alerts --all; fetch what is new: watchfire sync",
                "véalas todas: watchfire alerts --all; traiga lo nuevo: watchfire sync",
            ),
            b"request" => ("see who waits: watchfire member pending", "vea quién espera: watchfire member pending"),
            b"member" => ("see who is there: watchfire member list", "vea quién está: watchfire member list"),
            b"coordinator" | b"admin" | b"device" | b"relay" => (
                "nothing was changed; see who is there: watchfire charter show",
                "no se cambió nada; vea quién está: watchfire charter show",
            ),
            b"invite" => ("see the open ones: watchfire invite list", "vea las abiertas: watchfire invite list"),
            _ => return None,
        },
        ClientError::Expired { .. } => (
            "nothing was sent; see what counts now: watchfire alerts",
            "no se envió nada; vea lo vigente: watchfire alerts",
        ),
        ClientError::File(_) => {
            ("nothing was sent; mend it and run the command again", "no se envió nada; corríjalo y repita la orden")
        }
        ClientError::Invalid(_) => {
            ("nothing was done; mend it and run the command again", "no se hizo nada; corríjalo y repita la orden")
        }
        ClientError::Restriction(_) => (
            "nothing was restricted; mend it, or have the other admins sign it",
            "no se restringió nada; corríjala, o que la firme el resto de administración",
        ),
        ClientError::Charter(_) => (
            "this vault keeps the charter that it had; ask an admin",
            "esta bóveda conserva el estatuto que tenía; pregunte en administración",
        ),
        ClientError::NoAdminKey => (
            "make one, or bring it back from paper: watchfire charter admin key",
            "haga una, o recupérela del papel: watchfire charter admin key",
        ),
        ClientError::HasAdminKey => (
            "nothing was changed; use another --home for another key",
            "no se cambió nada; use otro --home para otra clave",
        ),
        ClientError::Paper(_) => (
            "nothing was changed; compare each word with the paper, and their order",
            "no se cambió nada; compare cada palabra con el papel, y el orden",
        ),
        ClientError::KeyFile(_) => (
            "nothing was changed; ask for the file that `watchfire charter admin key` wrote",
            "no se cambió nada; pida el archivo que escribió `watchfire charter admin key`",
        ),
        ClientError::CharterFile(_) => (
            "nothing was done; ask whoever gave you the file for it again",
            "no se hizo nada; pida otra vez el archivo a quien se lo dio",
        ),
        ClientError::Closed { .. } => (
            "nothing was sent; see which are open: watchfire neighborhood list",
            "no se envió nada; vea cuáles están abiertos: watchfire neighborhood list",
        ),
        ClientError::NoNeighborhood { .. } => ("join one: watchfire join", "entre a uno: watchfire join"),
        ClientError::Timeout(_) => ("nothing was lost", "no se perdió nada"),
        ClientError::Unexpected(_) => (
            "what was written before is in the vault; run the command again, and report this if it goes on",
            "lo escrito antes está en la bóveda; repita la orden, y si sigue, avise",
        ),
        _ => return None,
    };
    Some(match lang {
        Lang::EN => en,
        _ => es,
    })
}

fn spanish_hint(error: &ClientError) -> Option<String> {
    let lang = Lang::ES;
    Some(match error {
        ClientError::Vault(VaultError::Missing) | ClientError::NoNetwork => {
            "empiece con: watchfire join, o con: watchfire network create NOMBRE".to_owned()
        }
        ClientError::Vault(VaultError::WrongPassphrase) => {
            "no se cambió nada; escriba la contraseña otra vez".to_owned()
        }
        ClientError::Vault(VaultError::Damaged) => {
            "no se envió nada; si nadie tocó este equipo, pida otra invitación a quien coordina".to_owned()
        }
        ClientError::Vault(VaultError::Sqlite(_) | VaultError::Io(_)) => {
            "no se envió nada; vea si el disco está lleno y si la carpeta es suya".to_owned()
        }
        ClientError::Unreachable { reason, .. } => {
            format!("no se perdió nada; ¿tiene conexión este equipo? ({reason})")
        }
        ClientError::Broken(_) | ClientError::Raced => "no se perdió nada; repita la orden".to_owned(),
        ClientError::WrongRelay { found, .. } => format!(
            "no se le dijo nada; mostró la clave {found}. Pregunte en administración si el retransmisor se mudó"
        ),
        ClientError::NotAllowed { network } => format!(
            "pida a quien lo opera: watchfire-relay networks allow {network} --dir DIR\n  y después repita la misma orden"
        ),
        ClientError::Refused(Refusal::InviteEnded) => {
            "se usó, se retiró o venció. Pida un enlace nuevo a quien le invitó; si usted no lo usó, dígale que otra persona pudo hacerlo".to_owned()
        }
        ClientError::Refused(Refusal::SlowDown { seconds }) => {
            format!("no se perdió nada; pruebe otra vez en {seconds} s")
        }
        ClientError::Refused(_) => {
            "no se perdió nada; repita la orden, y si sigue, pregunte en administración".to_owned()
        }
        ClientError::Link(LinkError::Typo) => "copie o escanee otra vez el enlace completo".to_owned(),
        ClientError::Link(_) => "pida otra vez el enlace a quien le invitó".to_owned(),
        ClientError::Untrusted(_) | ClientError::ShownCharter(_) => "no se le dijo nada; avise a quien coordina, por otro medio".to_owned(),
        ClientError::HasNetwork => "una bóveda es una red: use otro --home para la segunda".to_owned(),
        ClientError::NoNeighborhood { known, .. } if !known.is_empty() => {
            let known: Vec<String> = known.iter().map(|name| format!("`{name}`")).collect();
            let known = and(lang, &known);
            tell!(lang, "errors-known", known)
        }
        ClientError::Forked { .. } => {
            "no se cambió nada; pregunte en administración, por otro medio, cuál vale: watchfire charter show, y después: watchfire charter accept-fork SUMA".to_owned()
        }
        ClientError::Choice(_) => {
            "no se cambió nada; importe antes un archivo con todas las versiones: watchfire charter import ARCHIVO".to_owned()
        }
        ClientError::Ambiguous { .. } => "escriba más símbolos".to_owned(),
        ClientError::NotGranted(_) => "vea quién tiene qué permisos: watchfire charter show".to_owned(),
        ClientError::NoKeys { .. } => {
            "espere a la próxima época, o pregunte a quien coordina: watchfire status".to_owned()
        }
        ClientError::WrongWords => {
            "no se aprobó a nadie; pida que lean otra vez sus tres palabras, y si no coinciden, no apruebe".to_owned()
        }
        ClientError::Unsignable(_) => "no se cambió nada; vea qué espera firmas: watchfire alert pending".to_owned(),
        ClientError::Queued => "lo envía la próxima orden que se conecte; para probar ahora: watchfire sync".to_owned(),
        _ => return None,
    })
}
