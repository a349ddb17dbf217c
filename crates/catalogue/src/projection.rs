//! The few columns of quotes this wing reads, to tell what a treatment or package is used for; quoting, below, owns
//! them. Nothing is ever written through these.

/// `quotes`: which treatment waits for an answer.
pub(crate) mod quotes {
    use kernel::Timestamp;
    use kernel::ids::{QuoteId, TreatmentId};
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "quotes")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: QuoteId,
        pub treatment_id: TreatmentId,
        pub currency: kernel::Currency,
        pub status: String,
        pub expires_at: Option<Timestamp>,
        pub deleted_at: Option<Timestamp>,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// `quote_packages`: how often a package was chosen.
pub(crate) mod quote_packages {
    use kernel::Timestamp;
    use kernel::ids::{PackageId, QuotePackageId};
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "quote_packages")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: QuotePackageId,
        pub package_id: PackageId,
        pub deleted_at: Option<Timestamp>,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// `booking_terms`: in which currencies bookings are paid.
pub(crate) mod booked_currencies {
    use kernel::ids::{BookingTermsId, QuoteId};
    use kernel::{AppResult, Currency};
    use sea_orm::entity::prelude::*;
    use sea_orm::{QuerySelect, QueryTrait};

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "booking_terms")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: BookingTermsId,
        pub quote_id: QuoteId,
        pub payment_currency: Currency,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}

    /// Offers that wait, and bookings that are not over.
    pub(crate) const OPEN: [&str; 5] = ["quote", "accepted", "confirmed", "inprogress", "aftercare"];

    /// Whether an open booking is paid in a currency.
    pub(crate) async fn any(conn: &impl ConnectionTrait, currency: Currency) -> AppResult<bool> {
        let open = super::quotes::Entity::find()
            .select_only()
            .column(super::quotes::Column::Id)
            .filter(super::quotes::Column::Status.is_in(OPEN))
            .into_query();
        let found = Entity::find()
            .filter(Column::PaymentCurrency.eq(currency))
            .filter(Column::QuoteId.in_subquery(open))
            .limit(1)
            .one(conn)
            .await?;
        Ok(found.is_some())
    }
}
