//! Use cases.

pub mod activate;
pub mod escalation;
pub mod refresh;
pub mod respond;
pub mod scan;
pub mod standalone;
pub mod team;

use kernel::{Actor, AppResult};
use platform::outbox::Subscription;
use sea_orm::ActiveEnum;

/// What this wing wants to hear of.
pub fn subscriptions() -> Vec<Subscription> {
    activate::subscriptions().into_iter().chain(standalone::subscriptions()).collect()
}

/// The acting party as a column of this wing spells it.
fn by<T: ActiveEnum<Value = String>>(actor: &Actor) -> AppResult<T> {
    Ok(T::try_from_value(&actor.reference().0.to_owned())?)
}
