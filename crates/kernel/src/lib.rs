//! The pure ground floor: words every wing uses and nothing that does I/O.
//!
//! Typed ids, money, date ranges, clocks, actors with their permissions, errors with stable codes,
//! pages of lists, and the wrappers that keep secrets out of logs.

pub mod actor;
pub mod error;
pub mod ids;
pub mod money;
pub mod page;
pub mod permission;
pub mod sealed;
pub mod secret;
pub mod time;

pub use actor::{Actor, ActorKind, Guard, Reads, TokenGrant};
pub use error::{AppError, AppResult, ErrorKind, FieldErrors};
pub use money::{Amount, Currency, Money, MoneySum};
pub use page::{CursorPage, CursorQuery, Page, PageQuery};
pub use permission::Permission;
pub use sealed::Sealed;
pub use secret::Secret;
pub use time::{Clock, DateRange, SystemClock, Timestamp};
