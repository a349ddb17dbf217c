//! Use cases.

pub mod activate;
pub mod escalation;
pub mod refresh;
pub mod respond;
pub mod scan;
pub mod team;

use kernel::{Actor, AppResult};
use sea_orm::ActiveEnum;

/// The acting party as a column of this wing spells it.
fn by<T: ActiveEnum<Value = String>>(actor: &Actor) -> AppResult<T> {
    Ok(T::try_from_value(&actor.reference().0.to_owned())?)
}
