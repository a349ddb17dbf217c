//! Use cases.

pub mod check_in;
pub mod complete;
pub mod document;
pub mod open;
pub mod photos;

use kernel::{Actor, AppResult};
use sea_orm::prelude::*;

use crate::access::Audience;
use crate::entity::timelines::{self, TimelineStatus};
use crate::entity::treatment_executions;
use crate::rules::documentation;

/// The reason an administrator must give (R-TT-40); clinics need none.
fn reason_of(audience: Audience, actor: &Actor, given: Option<&str>) -> AppResult<Option<String>> {
    // The program itself acts in demonstrations and has no reasons.
    let is_person = actor.is_signed_in();
    if audience == Audience::Staff && is_person { documentation::reason(given).map(Some) } else { Ok(None) }
}

/// The states of days, for the rules.
fn states(days: &[timelines::Model]) -> Vec<(i32, TimelineStatus)> {
    days.iter().map(|day| (day.day_number, day.status)).collect()
}

/// Whether a request to close the case waits for Hairline, or a label such as no-show stands.
pub(crate) fn closure_open(execution: &treatment_executions::Model) -> bool {
    let requested = execution.closure_requested_at.is_some() && execution.closure_resolved_at.is_none();
    requested || execution.case_label.is_some()
}

/// The acting party as a column of this wing spells it: clinics as themselves, everybody else as Hairline.
fn by<T: ActiveEnum<Value = String>>(actor: &Actor) -> AppResult<T> {
    let (kind, _) = actor.reference();
    let kind = if kind == "ProviderUser" { kind } else { "User" };
    Ok(T::try_from_value(&kind.to_owned())?)
}
