//! The few columns this wing reads of tables that wings above it own: spoken languages, offered treatments, published
//! reviews, exchange rates. A clinic's public page shows them. Nothing is ever written through these.

/// `languages`: what is spoken at a clinic.
pub(crate) mod languages {
    use kernel::Timestamp;
    use kernel::ids::LanguageId;
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "languages")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: LanguageId,
        pub code: String,
        pub name: String,
        pub native_name: String,
        pub is_spoken_option: bool,
        pub created_at: Timestamp,
        pub updated_at: Timestamp,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// `provider_treatment_pricing`: what a clinic charges.
pub(crate) mod prices {
    use kernel::ids::{ProviderId, ProviderTreatmentPricingId, TreatmentId};
    use kernel::{Amount, Currency};
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "provider_treatment_pricing")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: ProviderTreatmentPricingId,
        pub provider_id: ProviderId,
        pub treatment_id: TreatmentId,
        pub base_price: Amount,
        pub price_per_graft: Amount,
        pub currency: Currency,
        pub min_grafts: Option<i32>,
        pub status: String,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {
        #[sea_orm(
            belongs_to = "super::treatments::Entity",
            from = "Column::TreatmentId",
            to = "super::treatments::Column::Id"
        )]
        Treatment,
    }

    impl Related<super::treatments::Entity> for Entity {
        fn to() -> RelationDef {
            Relation::Treatment.def()
        }
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// `treatments`: the name of what is offered.
pub(crate) mod treatments {
    use kernel::ids::TreatmentId;
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "treatments")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: TreatmentId,
        pub treatment_name: String,
        pub treatment_type: String,
        pub status: String,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// `reviews`: how many of which rating.
pub(crate) mod reviews {
    use kernel::ids::{ProviderId, ReviewId};
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "reviews")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: ReviewId,
        pub provider_id: ProviderId,
        pub overall_rating: i32,
        pub facility_rating: Option<i32>,
        pub staff_rating: Option<i32>,
        pub results_rating: Option<i32>,
        pub value_rating: Option<i32>,
        pub is_published: bool,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// `fx_rates`: units of a currency per US dollar, newest row wins.
pub(crate) mod fx_rates {
    use kernel::{Currency, Timestamp};
    use rust_decimal::Decimal;
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "fx_rates")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        pub target_currency: Currency,
        pub base_rate: Decimal,
        pub fetched_at: Timestamp,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// `currencies`: what can be charged.
pub(crate) mod currencies {
    use kernel::ids::CurrencyId;
    use kernel::{AppResult, Currency};
    use sea_orm::entity::prelude::*;
    use sea_orm::{PaginatorTrait, QuerySelect};

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "currencies")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: CurrencyId,
        pub code: Currency,
        pub enabled: bool,
        pub is_default: bool,
        pub fx_mode: Option<String>,
        pub fx_status: String,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}

    /// Waits for whoever else holds the row of the default currency, which is always there.
    pub async fn lock_default(txn: &platform::db::Txn) -> AppResult<()> {
        Entity::find().filter(Column::IsDefault.eq(true)).lock_exclusive().one(txn).await?;
        Ok(())
    }

    /// Whether the currency is switched on and its pair works.
    pub async fn has_rate(conn: &impl ConnectionTrait, currency: Currency) -> AppResult<bool> {
        let found = Entity::find()
            .filter(Column::Code.eq(currency))
            .filter(Column::Enabled.eq(true))
            .filter(Column::FxMode.is_not_null())
            .filter(Column::FxStatus.ne("inactive"));
        Ok(found.count(conn).await? > 0)
    }
}
