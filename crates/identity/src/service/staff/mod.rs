//! Hairline's own staff: who they are, their role, their standing.

pub mod change;
pub mod direct;
pub mod list;
