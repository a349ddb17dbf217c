//! The few columns this wing reads of a table that a wing above it owns.
//!
//! A deliberate exception to "nobody looks upward": whether an expired hold may be released depends on a payment that
//! is still under way (R-PY-05), and that must be seen in the transaction that releases it. Nothing is written here.

/// `payments`: attempts of a booking and how far they came.
pub(crate) mod payments {
    use kernel::ids::{PaymentId, QuoteId};
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "payments")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: PaymentId,
        pub quote_id: QuoteId,
        pub payment_type: String,
        pub payment_status: String,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
