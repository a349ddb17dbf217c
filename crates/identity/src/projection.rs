//! The few columns this wing reads of tables that wings above it own.
//!
//! A deliberate exception to "nobody looks upward": whether a clinic may know a patient, whether a clinic's staff may
//! sign in and which legal text a consent was given to must be decided here, in one statement, inside the transaction
//! of the change. Nothing is ever written through these, but for an affiliate's password and telephone number: whoever
//! signs in keeps those, of whatever guard.

/// `quotes`: whose offer, and how far it came.
pub(crate) mod quotes {
    use kernel::ids::{InquiryId, ProviderId, QuoteId};
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "quotes")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: QuoteId,
        pub inquiry_id: InquiryId,
        pub provider_id: ProviderId,
        pub status: String,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// `inquiries`: whose case.
pub(crate) mod inquiries {
    use kernel::ids::{InquiryId, PatientId};
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "inquiries")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: InquiryId,
        pub patient_id: PatientId,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// `treatment_executions`: whether the patient was ever checked in.
pub(crate) mod treatment_executions {
    use kernel::Timestamp;
    use kernel::ids::{QuoteId, TreatmentExecutionId};
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "treatment_executions")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: TreatmentExecutionId,
        pub quote_id: QuoteId,
        pub checked_in_at: Option<Timestamp>,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// `standalone_aftercare_requests`: which clinic looks after a patient it has no quote for.
pub(crate) mod bought_aftercare {
    use kernel::ids::{PatientId, ProviderId, StandaloneAftercareRequestId};
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "standalone_aftercare_requests")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: StandaloneAftercareRequestId,
        pub patient_id: PatientId,
        pub request_status: String,
        pub assigned_provider_id: Option<ProviderId>,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// `providers`: whether a clinic's staff may sign in.
pub(crate) mod providers {
    use kernel::Timestamp;
    use kernel::ids::ProviderId;
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "providers")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: ProviderId,
        pub provider_name: String,
        pub seat_limit: i32,
        pub status: String,
        pub timezone: Option<String>,
        pub deleted_at: Option<Timestamp>,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// `notification_preferences`: the language and the clock an account chose.
pub(crate) mod preferences {
    use kernel::ids::{AnyId, NotificationPreferenceId};
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "notification_preferences")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: NotificationPreferenceId,
        pub owner_type: String,
        pub owner_id: AnyId,
        pub timezone: Option<String>,
        pub locale: Option<String>,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// `affiliates`: who a partner is and whether its portal is open.
pub(crate) mod affiliates {
    use kernel::Timestamp;
    use kernel::ids::AffiliateId;
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "affiliates")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: AffiliateId,
        pub affiliate_name: String,
        pub email: String,
        pub phone_number: Option<String>,
        pub company_name: Option<String>,
        pub status: String,
        pub feature_flag_enabled: bool,
        pub affiliate_code: Option<String>,
        pub version: i32,
        pub updated_at: Timestamp,
        pub deleted_at: Option<Timestamp>,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// `affiliate_credentials`: what an affiliate signs in with.
pub(crate) mod affiliate_credentials {
    use kernel::Timestamp;
    use kernel::ids::{AffiliateCredentialId, AffiliateId};
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "affiliate_credentials")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: AffiliateCredentialId,
        pub affiliate_id: AffiliateId,
        pub password: Option<String>,
        pub activation_token_hash: Option<String>,
        pub activation_expires_at: Option<Timestamp>,
        pub password_set_at: Option<Timestamp>,
        pub last_login_at: Option<Timestamp>,
        pub created_at: Timestamp,
        pub updated_at: Timestamp,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// `terms_and_conditions`: which text is in force.
pub(crate) mod legal_documents {
    use kernel::Timestamp;
    use kernel::ids::LegalDocumentId;
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "terms_and_conditions")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: LegalDocumentId,
        pub document_type: String,
        pub audience: String,
        pub version_label: String,
        pub locale: String,
        pub status: String,
        pub content_sha256: String,
        pub effective_at: Option<Timestamp>,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// `discovery_questions`: the answers to "how did you hear of us".
pub(crate) mod discovery_options {
    use kernel::Timestamp;
    use kernel::ids::DiscoveryQuestionId;
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "discovery_questions")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: DiscoveryQuestionId,
        pub option_label: String,
        pub display_order: i32,
        pub is_active: bool,
        pub updated_at: Timestamp,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
