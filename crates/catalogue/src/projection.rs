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
