//! Taking care of somebody who asked for help.

use watchfire_protocol::desk::DeskEvent;

use super::answer::HelpView;
use super::desk::{Delivery, DeskError};
use crate::client::Client;
use crate::error::ClientError;

impl Client {
    /// The call for help of a member in answer to an alert.
    ///
    /// # Errors
    /// There is no such alert, or that member does not ask for help there.
    pub fn call_for_help(&self, wanted: &str, handle: &str) -> Result<HelpView, ClientError> {
        let alert = self.present(wanted)?.thread.first;
        let is_it = |call: &HelpView| call.alert == alert && call.handle.to_lowercase() == handle.to_lowercase();
        let found = self.calls_for_help()?.into_iter().find(is_it);
        found.ok_or_else(|| ClientError::NotFound { what: "call for help by", name: handle.to_owned() })
    }

    /// Tells the other coordinators, and the member, that this one takes care of a call for help. `over` takes it over
    /// from whoever does.
    ///
    /// # Errors
    /// Somebody else does and `over` is not said, the member does not ask any more, or no right at this desk.
    pub async fn attend(&self, call: &HelpView, over: bool) -> Result<Delivery, ClientError> {
        let (alert, member, since) = (call.answered, call.member, call.since);
        self.call_for_help(&call.alert.to_string(), &call.handle)?;
        self.do_at_desk(call.hood, |looking| {
            let held = looking.attended(&member, since)?;
            match held.as_ref().filter(|held| !held.here) {
                Some(held) if !over => Err(DeskError::Attended {
                    who: call.handle.clone(),
                    by: held.handle.clone(),
                    seconds: self.now().since(held.at),
                    alert: call.short.clone(),
                }
                .into()),
                held => Ok(DeskEvent::Attend { alert, member, since, over: held.map(|held| held.by) }),
            }
        })
        .await
    }
}
