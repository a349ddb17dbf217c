//! The few columns this wing reads of a table that a wing above it owns.
//!
//! A deliberate exception to "nobody looks upward": a clinic looks for bookings with money outstanding in the list of
//! its bookings, and the list belongs here. Nothing is written through it.

/// `payments`: what arrived for a booking and what went back.
pub(crate) mod payments {
    use kernel::Amount;
    use kernel::ids::{PaymentId, QuoteId};
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "payments")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: PaymentId,
        pub quote_id: QuoteId,
        pub amount: Amount,
        pub payment_type: String,
        pub payment_status: String,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}

    impl Model {
        /// What a row adds to the money that is there now: a refunded payment arrived all the same, its refund is a row
        /// of its own.
        pub fn moved(&self) -> Amount {
            match (self.payment_type.as_str(), self.payment_status.as_str()) {
                ("refund", "completed") => Amount::ZERO - self.amount,
                ("refund", _) => Amount::ZERO,
                (_, "completed" | "refunded") => self.amount,
                _ => Amount::ZERO,
            }
        }
    }
}
