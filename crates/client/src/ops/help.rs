//! Taking care of somebody who asked for help.

use watchfire_protocol::desk::DeskEvent;

use super::answer::HelpView;
use super::by_prefix;
use super::desk::{Delivery, DeskError};
use crate::client::Client;
use crate::error::ClientError;

impl Client {
    /// The call for help of somebody in answer to an alert, by what they are called, or by the first symbols of their id.
    ///
    /// # Errors
    /// There is no such alert, that person does not ask for help there, or the symbols mean several people.
    pub fn call_for_help(&self, wanted: &str, who: &str) -> Result<HelpView, ClientError> {
        let alert = self.present(wanted)?.thread.first;
        let mut calls = self.all_calls_for_help()?;
        calls.retain(|call| call.alert == alert);
        let named = calls.iter().filter(|call| call.handle.to_lowercase() == who.to_lowercase());
        // Somebody may have been given the name of another who was removed.
        if let Some(call) = named.min_by_key(|call| call.removed.is_some()) {
            return Ok(call.clone());
        }
        match by_prefix("call for help by", who, calls.into_iter().map(|call| (call.member.to_string(), call))) {
            Err(ClientError::Invalid(_)) => {
                Err(ClientError::NotFound { what: "call for help by", name: who.to_owned() })
            }
            found => found,
        }
    }

    /// Tells the other coordinators, and the member, that this one takes care of a call for help. `over` takes it over
    /// from whoever does. Of somebody who was removed, and who cannot say that they are safe, it ends all their calls.
    ///
    /// # Errors
    /// Somebody else does and `over` is not said, the member does not ask any more, or no right at this desk.
    pub async fn attend(&self, call: &HelpView, over: bool) -> Result<Delivery, ClientError> {
        let (alert, member) = (call.answered, call.member);
        let call = &self.call_for_help(&call.alert.to_string(), &call.member.to_string())?;
        let ends = call.removed.is_some();
        let theirs = self.all_calls_for_help()?.into_iter().filter(|other| other.member == member);
        let newest = theirs.map(|other| other.since).max().unwrap_or(call.since);
        self.do_at_desk(call.hood, |looking| {
            let held = looking.attended(&member, call.since)?.filter(|held| !held.here);
            match held {
                Some(held) if !over => Err(DeskError::Attended {
                    who: call.handle.clone(),
                    by: held.handle,
                    seconds: self.now().since(held.at),
                    alert: call.short.clone(),
                }
                .into()),
                _ if ends => Ok(DeskEvent::Attend { alert, member, since: newest, over: looking.own() }),
                held => Ok(DeskEvent::Attend { alert, member, since: call.since, over: held.map(|held| held.by) }),
            }
        })
        .await
    }
}
