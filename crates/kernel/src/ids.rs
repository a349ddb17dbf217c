//! Typed ids: one newtype per table, so that a quote's id cannot be passed for a patient's.

use std::fmt;
use std::str::FromStr;

use sea_orm::entity::prelude::*;
use sea_orm::{DbErr, TryFromU64};
use serde::{Deserialize, Serialize};

/// Declares the id newtypes: time-ordered UUIDs (version 7), stored as CHAR(36).
macro_rules! typed_ids {
    ($($(#[$doc:meta])* $name:ident,)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, DeriveValueType, utoipa::ToSchema)]
        #[sea_orm(value_type = "String", column_type = "Char(Some(36))")]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// A new id, greater than every id made before it.
            #[expect(clippy::new_without_default, reason = "an id made by default() would hide that it is new")]
            pub fn new() -> Self {
                Self(Uuid::now_v7())
            }

            /// The same value as a reference whose table is named in a column beside it.
            pub fn any(self) -> AnyId {
                AnyId(self.0)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.hyphenated().fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(s: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(s).map(Self)
            }
        }

        // SeaORM asks primary keys for this; text keys are never read back from a counter.
        impl TryFromU64 for $name {
            fn try_from_u64(_: u64) -> Result<Self, DbErr> {
                Err(DbErr::ConvertFromU64(stringify!($name)))
            }
        }

        impl From<AnyId> for $name {
            fn from(id: AnyId) -> Self {
                Self(id.0)
            }
        }

        impl From<$name> for AnyId {
            fn from(id: $name) -> Self {
                Self(id.0)
            }
        }
    )+};
}

/// The target of a polymorphic reference: the table stands in a `*_type` column beside it.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, DeriveValueType, utoipa::ToSchema,
)]
#[sea_orm(value_type = "String", column_type = "Char(Some(36))")]
#[serde(transparent)]
pub struct AnyId(pub Uuid);

impl AnyId {
    /// The id of nobody: stands where the acting party has no row (the system itself).
    pub const NIL: Self = Self(Uuid::nil());

    /// A new id, greater than every id made before it.
    #[expect(clippy::new_without_default, reason = "an id made by default() would hide that it is new")]
    pub fn new() -> Self {
        Self(Uuid::now_v7())
    }
}

impl fmt::Display for AnyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}

impl FromStr for AnyId {
    type Err = uuid::Error;
    fn from_str(s: &str) -> Result<Self, Self::Err> {
        Uuid::parse_str(s).map(Self)
    }
}

impl TryFromU64 for AnyId {
    fn try_from_u64(_: u64) -> Result<Self, DbErr> {
        Err(DbErr::ConvertFromU64("AnyId"))
    }
}

typed_ids! {
    /// A row of `users`.
    UserId,
    /// A row of `patients`.
    PatientId,
    /// A row of `provider_users`.
    ProviderUserId,
    /// A row of `provider_team_members`.
    ProviderTeamMemberId,
    /// A row of `provider_staff_invitations`.
    ProviderStaffInvitationId,
    /// A row of `oauth_clients`.
    OauthClientId,
    /// A row of `patient_consents`.
    PatientConsentId,
    /// A row of `languages`.
    LanguageId,
    /// A row of `account_states`.
    AccountStateId,
    /// A row of `auth_sessions`.
    AuthSessionId,
    /// A row of `one_time_codes`.
    OneTimeCodeId,
    /// A row of `code_sends`.
    CodeSendId,
    /// A row of `login_throttles`.
    LoginThrottleId,
    /// A row of `ip_throttles`.
    IpThrottleId,
    /// A row of `password_histories`.
    PasswordHistoryId,
    /// A row of `mfa_credentials`.
    MfaCredentialId,
    /// A row of `mfa_recovery_codes`.
    MfaRecoveryCodeId,
    /// A row of `role_assignments`.
    RoleAssignmentId,
    /// A row of `admin_invitations`.
    AdminInvitationId,
    /// A row of `phi_access_grants`.
    PhiAccessGrantId,
    /// A row of `deletion_requests`.
    DeletionRequestId,
    /// A row of `sealed_identities`.
    SealedIdentityId,
    /// A row of `encryption_rotations`.
    EncryptionRotationId,
    /// A row of `jobs`.
    JobId,
    /// A row of `providers`.
    ProviderId,
    /// A row of `provider_documents`.
    ProviderDocumentId,
    /// A row of `provider_awards`.
    ProviderAwardId,
    /// A row of `provider_languages`.
    ProviderLanguageId,
    /// A row of `provider_media`.
    ProviderMediaId,
    /// A row of `provider_resources`.
    ProviderResourceId,
    /// A row of `patient_resources`.
    PatientResourceId,
    /// A row of `locations`.
    LocationId,
    /// A row of `setting_versions`.
    SettingVersionId,
    /// A row of `system_settings`.
    SystemSettingId,
    /// A row of `countries`.
    CountryId,
    /// A row of `app_list_items`.
    AppListItemId,
    /// A row of `provider_applications`.
    ProviderApplicationId,
    /// A row of `provider_slugs`.
    ProviderSlugId,
    /// A row of `provider_status_changes`.
    ProviderStatusChangeId,
    /// A row of `provider_deletion_requests`.
    ProviderDeletionRequestId,
    /// A row of `patient_flags`.
    PatientFlagId,
    /// A row of `admin_notes`.
    AdminNoteId,
    /// A row of `saved_filters`.
    SavedFilterId,
    /// A row of `bulk_operations`.
    BulkOperationId,
    /// A row of `bulk_operation_items`.
    BulkOperationItemId,
    /// A row of `export_jobs`.
    ExportJobId,
    /// A row of `report_schedules`.
    ReportScheduleId,
    /// A row of `analytics_daily`.
    AnalyticsDailyId,
    /// A row of `benchmark_snapshots`.
    BenchmarkSnapshotId,
    /// A row of `analytics_access_logs`.
    AnalyticsAccessLogId,
    /// A row of `legal_holds`.
    LegalHoldId,
    /// A row of `retention_runs`.
    RetentionRunId,
    /// A row of `retention_items`.
    RetentionItemId,
    /// A row of `data_bundles`.
    DataBundleId,
    /// A row of `demo_registry`.
    DemoRegistryId,
    /// A row of `inquiries`.
    InquiryId,
    /// A row of `inquiry_providers`.
    InquiryProviderId,
    /// A row of `medical_histories`.
    MedicalHistoryId,
    /// A row of `quotes`.
    QuoteId,
    /// A row of `quote_packages`.
    QuotePackageId,
    /// A row of `quote_clinicians`.
    QuoteClinicianId,
    /// A row of `quote_versions`.
    QuoteVersionId,
    /// A row of `treatments`.
    TreatmentId,
    /// A row of `provider_treatment_pricing`.
    ProviderTreatmentPricingId,
    /// A row of `packages`.
    PackageId,
    /// A row of `package_items`.
    PackageItemId,
    /// A row of `treatment_includes`.
    TreatmentIncludeId,
    /// A row of `treatment_customizes`.
    QuoteLineId,
    /// A row of `questionnaire_sets`.
    QuestionnaireSetId,
    /// A row of `questionnaires`.
    QuestionnaireId,
    /// A row of `discovery_questions`.
    DiscoveryQuestionId,
    /// A row of `location_preferences`.
    LocationPreferenceId,
    /// A row of `location_preferences_countries`.
    LocationPreferenceCountryId,
    /// A row of `inquiry_drafts`.
    InquiryDraftId,
    /// A row of `workflow_timelines`.
    WorkflowTimelineId,
    /// A row of `media`.
    MediaId,
    /// A row of `files`.
    FileId,
    /// A row of `schedules`.
    ScheduleId,
    /// A row of `payments`.
    PaymentId,
    /// A row of `payment_histories`.
    PaymentHistoryId,
    /// A row of `installment_payment_plans`.
    InstallmentPaymentPlanId,
    /// A row of `provider_commissions`.
    ProviderCommissionId,
    /// A row of `set_commissions`.
    SetCommissionId,
    /// A row of `provider_bills`.
    ProviderBillId,
    /// A row of `banking_details`.
    BankingDetailId,
    /// A row of `location_starting_prices`.
    LocationStartingPriceId,
    /// A row of `aftercare_payments`.
    AftercarePaymentId,
    /// `booking_flags`
    BookingFlagId,
    /// A row of `booking_terms`.
    BookingTermsId,
    /// A row of `installment_schedule_items`.
    InstallmentScheduleItemId,
    /// A row of `schedule_occupancies`.
    ScheduleOccupancyId,
    /// A row of `gateway_events`.
    GatewayEventId,
    /// A row of `idempotency_keys`.
    IdempotencyKeyId,
    /// A row of `currencies`.
    CurrencyId,
    /// A row of `fx_rates`.
    FxRateId,
    /// A row of `gateway_accounts`.
    GatewayAccountId,
    /// A row of `patient_payment_methods`.
    PatientPaymentMethodId,
    /// A row of `cancellation_requests`.
    CancellationRequestId,
    /// A row of `payment_documents`.
    PaymentDocumentId,
    /// A row of `provider_bill_items`.
    ProviderBillItemId,
    /// A row of `ledger_entries`.
    LedgerEntryId,
    /// A row of `discount_redemptions`.
    DiscountRedemptionId,
    /// A row of `reconciliation_runs`.
    ReconciliationRunId,
    /// A row of `reconciliation_items`.
    ReconciliationItemId,
    /// A row of `affiliates`.
    AffiliateId,
    /// A row of `affiliate_discount_codes`.
    AffiliateDiscountCodeId,
    /// A row of `affiliate_commissions`.
    AffiliateCommissionId,
    /// A row of `discounts`.
    DiscountId,
    /// A row of `fixed_discounts`.
    FixedDiscountId,
    /// A row of `provider_discounts`.
    ProviderDiscountId,
    /// A row of `affiliate_payouts`.
    AffiliatePayoutId,
    /// A row of `payout_batches`.
    PayoutBatchId,
    /// A row of `affiliate_commission_terms`.
    AffiliateCommissionTermsId,
    /// A row of `affiliate_credentials`.
    AffiliateCredentialId,
    /// A row of `affiliate_attributions`.
    AffiliateAttributionId,
    /// A row of `affiliate_code_batches`.
    AffiliateCodeBatchId,
    /// A row of `affiliate_code_batch_rows`.
    AffiliateCodeBatchRowId,
    /// A row of `finance_approvals`.
    FinanceApprovalId,
    /// A row of `hotels`.
    HotelId,
    /// A row of `flights`.
    FlightId,
    /// A row of `passport_details`.
    PassportDetailId,
    /// A row of `timelines`.
    TimelineId,
    /// A row of `treatment_executions`.
    TreatmentExecutionId,
    /// A row of `after_cares`.
    AfterCareId,
    /// A row of `after_care_instructions`.
    AfterCareInstructionId,
    /// A row of `after_care_medications`.
    AfterCareMedicationId,
    /// A row of `aftercare_resources`.
    AftercareResourceId,
    /// A row of `aftercare_milestones`.
    AftercareMilestoneId,
    /// A row of `aftercare_milestone_scans`.
    AftercareMilestoneScanId,
    /// A row of `aftercare_milestone_templates`.
    AftercareMilestoneTemplateId,
    /// A row of `aftercare_milestone_definitions`.
    AftercareMilestoneDefinitionId,
    /// A row of `aftercare_questionnaires`.
    AftercareQuestionnaireId,
    /// A row of `aftercare_milestone_definition_questionnaires`.
    AftercareMilestoneDefinitionQuestionnaireId,
    /// A row of `aftercare_questionnaire_responses`.
    AftercareQuestionnaireResponseId,
    /// A row of `aftercare_questions`.
    AftercareQuestionId,
    /// A row of `aftercare_question_answers`.
    AftercareQuestionAnswerId,
    /// A row of `aftercare_conversations`.
    AftercareConversationId,
    /// A row of `aftercare_conversation_participants`.
    AftercareConversationParticipantId,
    /// A row of `aftercare_messages`.
    AftercareMessageId,
    /// A row of `aftercare_workflows`.
    AftercareWorkflowId,
    /// A row of `aftercare_workflow_steps`.
    AftercareWorkflowStepId,
    /// A row of `instruction_templates`.
    InstructionTemplateId,
    /// A row of `medication_templates`.
    MedicationTemplateId,
    /// A row of `aftercare_templates`.
    AftercareTemplateId,
    /// A row of `aftercare_clinicians`.
    AftercareClinicianId,
    /// A row of `standalone_aftercare_requests`.
    StandaloneAftercareRequestId,
    /// A row of `recovery_progress_logs`.
    RecoveryProgressLogId,
    /// A row of `conversations`.
    ConversationId,
    /// A row of `messages`.
    MessageId,
    /// A row of `reviews`.
    ReviewId,
    /// A row of `alerts_notifications`.
    NotificationId,
    /// A row of `notification_preferences`.
    NotificationPreferenceId,
    /// A row of `provider_preferences`.
    ProviderPreferenceId,
    /// A row of `information`.
    InformationId,
    /// A row of `terms_and_conditions`.
    LegalDocumentId,
    /// A row of `outbox_events`.
    OutboxEventId,
    /// A row of `notification_deliveries`.
    NotificationDeliveryId,
    /// A row of `notification_rules`.
    NotificationRuleId,
    /// A row of `message_moderation`.
    MessageModerationId,
    /// A row of `conversation_flags`.
    ConversationFlagId,
    /// A row of `conversation_interventions`.
    ConversationInterventionId,
    /// A row of `moderation_terms`.
    ModerationTermsId,
    /// A row of `review_responses`.
    ReviewResponseId,
    /// A row of `review_takedown_requests`.
    ReviewTakedownRequestId,
    /// A row of `legal_acceptances`.
    LegalAcceptanceId,
    /// A row of `device_tokens`.
    DeviceTokenId,
}
