//! The few columns this wing reads of tables that wings above it own.
//!
//! A deliberate exception to "nobody looks upward": whether an expired hold may be released depends on a payment that
//! is still under way (R-PY-05), and whether a discount may stand on a quote on the discount as it is (R-IQ-46); both must
//! be seen in the transaction that decides. Nothing is written here.

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

/// `discounts`: what may be taken off, when and how often.
pub(crate) mod discounts {
    use kernel::ids::{DiscountId, ProviderId};
    use kernel::{Amount, Timestamp};
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "discounts")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: DiscountId,
        pub discount_code: String,
        pub name: Option<String>,
        pub discount_type: String,
        pub discount_value: Amount,
        pub provider_id: Option<ProviderId>,
        pub usage_limit: Option<i32>,
        pub usage_count: i32,
        pub start_date: Option<Date>,
        pub end_date: Option<Date>,
        pub status: String,
        pub requires_provider_approval: bool,
        pub application_mode: String,
        pub paused_at: Option<Timestamp>,
        pub archived_at: Option<Timestamp>,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// `provider_discounts`: whether a clinic agreed to share a campaign.
pub(crate) mod provider_discounts {
    use kernel::ids::{DiscountId, ProviderDiscountId, ProviderId};
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "provider_discounts")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: ProviderDiscountId,
        pub discount_id: DiscountId,
        pub provider_id: ProviderId,
        pub status: String,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// `fixed_discounts`: the amount of a fixed discount in a currency.
pub(crate) mod fixed_discounts {
    use kernel::ids::{AnyId, FixedDiscountId};
    use kernel::{Amount, Currency};
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "fixed_discounts")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: FixedDiscountId,
        pub discountable_type: String,
        pub discountable_id: AnyId,
        pub currency: Currency,
        pub amount: Amount,
        pub status: String,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
