//! The one list of permission names, with the guard and the default holders of each (spec R-ID section 6).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::actor::Guard;

/// Declares the permission names: the variant and the word stored in `permissions.name`.
macro_rules! permissions {
    ($($variant:ident = $name:literal,)+) => {
        /// A right that a role grants on one guard. The same word may exist on several guards.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        #[expect(missing_docs, reason = "the names say it: action_resource")]
        pub enum Permission {
            $($variant,)+
        }

        impl Permission {
            /// Every permission, in the order of the catalogue.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The stored name.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }
        }
    };
}

permissions! {
    ViewDashboard = "view_dashboard",
    ViewPatientOverview = "view_patient_overview",
    ViewPatient = "view_patient",
    EditPatient = "edit_patient",
    DeletePatient = "delete_patient",
    SuspendPatient = "suspend_patient",
    ResetPatientPassword = "reset_patient_password",
    ViewPatientMedical = "view_patient_medical",
    ViewPatientArchive = "view_patient_archive",
    ManageDeletionRequest = "manage_deletion_request",
    ViewProvider = "view_provider",
    EditProvider = "edit_provider",
    OnboardProvider = "onboard_provider",
    SuspendProvider = "suspend_provider",
    ViewProviderTeam = "view_provider_team",
    SuspendProviderUser = "suspend_provider_user",
    ImpersonateProviderUser = "impersonate_provider_user",
    ViewAftercare = "view_aftercare",
    ManageAftercare = "manage_aftercare",
    ChatWithPatient = "chat_with_patient",
    ScheduleConsultation = "schedule_consultation",
    ViewInquiry = "view_inquiry",
    ViewQuote = "view_quote",
    EditQuote = "edit_quote",
    ReassignProvider = "reassign_provider",
    ViewReview = "view_review",
    ModerateReview = "moderate_review",
    AddReview = "add_review",
    ManageReviewCategory = "manage_review_category",
    ViewTransaction = "view_transaction",
    ProcessPayout = "process_payout",
    IssueRefund = "issue_refund",
    ViewFinancialReport = "view_financial_report",
    ViewPatientBilling = "view_patient_billing",
    SendPaymentReminder = "send_payment_reminder",
    DownloadInvoice = "download_invoice",
    ViewDiscount = "view_discount",
    CreateDiscount = "create_discount",
    EditDiscount = "edit_discount",
    TrackDiscountUsage = "track_discount_usage",
    ManageCampaignAdoption = "manage_campaign_adoption",
    ViewAffiliate = "view_affiliate",
    CreateAffiliate = "create_affiliate",
    EditAffiliate = "edit_affiliate",
    ProcessAffiliatePayout = "process_affiliate_payout",
    ViewAffiliatePerformance = "view_affiliate_performance",
    ViewAnalytics = "view_analytics",
    ViewProviderAnalytics = "view_provider_analytics",
    ViewFinancialAnalytics = "view_financial_analytics",
    ExportReport = "export_report",
    ViewTreatmentOutcome = "view_treatment_outcome",
    ViewSupportCase = "view_support_case",
    RespondSupportCase = "respond_support_case",
    ViewConversation = "view_conversation",
    FlagConversation = "flag_conversation",
    ExportConversation = "export_conversation",
    InterveneConversation = "intervene_conversation",
    ViewUnredactedMessage = "view_unredacted_message",
    ViewTravelBooking = "view_travel_booking",
    ManageTravelSetting = "manage_travel_setting",
    ViewTravelReport = "view_travel_report",
    ViewSetting = "view_setting",
    EditSetting = "edit_setting",
    EditAuthPolicy = "edit_auth_policy",
    ViewSensitiveSetting = "view_sensitive_setting",
    ManageUser = "manage_user",
    ManageRole = "manage_role",
    ManageOauthClient = "manage_oauth_client",
    ManageEncryptionKey = "manage_encryption_key",
    ManageTerms = "manage_terms",
    PublishTerms = "publish_terms",
    ManageContent = "manage_content",
    ManageAppData = "manage_app_data",
    ManageLanguage = "manage_language",
    ManageTreatmentCatalog = "manage_treatment_catalog",
    ManageAftercareTemplate = "manage_aftercare_template",
    ManageNotificationTemplate = "manage_notification_template",
    ViewNotificationLog = "view_notification_log",
    ConfigurePaymentSetting = "configure_payment_setting",
    ManageHelpCentre = "manage_help_centre",
    ViewAuditLog = "view_audit_log",
    ExportAuditLog = "export_audit_log",
    CreateQuote = "create_quote",
    ManageQuoteAcceptance = "manage_quote_acceptance",
    ViewPassport = "view_passport",
    MessagePatient = "message_patient",
    ViewAppointment = "view_appointment",
    CreateAppointment = "create_appointment",
    EditAppointment = "edit_appointment",
    CancelAppointment = "cancel_appointment",
    ViewCalendar = "view_calendar",
    ViewTreatmentCase = "view_treatment_case",
    DocumentTreatment = "document_treatment",
    UpdateTreatmentStatus = "update_treatment_status",
    ViewTreatmentHistory = "view_treatment_history",
    ManageAftercarePlan = "manage_aftercare_plan",
    ViewProgressReport = "view_progress_report",
    ViewFinancialDashboard = "view_financial_dashboard",
    ViewPayout = "view_payout",
    ManageBankDetail = "manage_bank_detail",
    ViewTeam = "view_team",
    InviteTeamMember = "invite_team_member",
    EditTeamRole = "edit_team_role",
    ViewTeamActivity = "view_team_activity",
    RemoveTeamMember = "remove_team_member",
    ViewProfile = "view_profile",
    EditProfile = "edit_profile",
    ManageTreatmentOffering = "manage_treatment_offering",
    ManagePromotion = "manage_promotion",
    RespondReview = "respond_review",
    RequestProviderDeletion = "request_provider_deletion",
    CreateInquiry = "create_inquiry",
    CancelInquiry = "cancel_inquiry",
    AcceptQuote = "accept_quote",
    MakePayment = "make_payment",
    CancelBooking = "cancel_booking",
    SubmitTravelDetail = "submit_travel_detail",
    MessageProvider = "message_provider",
    LogAftercare = "log_aftercare",
    WriteReview = "write_review",
    RequestAccountDeletion = "request_account_deletion",
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A name that no permission has.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown permission {0}")]
pub struct UnknownPermission(String);

impl FromStr for Permission {
    type Err = UnknownPermission;
    fn from_str(s: &str) -> Result<Self, Self::Err> {
        Self::ALL.iter().copied().find(|p| p.name() == s).ok_or_else(|| UnknownPermission(s.to_owned()))
    }
}

/// Who may hold a permission beyond the top role of its guard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grantable {
    /// Any role may be given it.
    Freely,
    /// Only the top role by default, but grantable.
    TopByDefault,
    /// Only the top role, never grantable.
    TopOnly,
}

/// One line of the catalogue.
#[derive(Clone, Copy, Debug)]
pub struct CatalogueEntry {
    /// The guard it is checked with.
    pub guard: Guard,
    /// The permission.
    pub permission: Permission,
    /// Who may hold it.
    pub grantable: Grantable,
    /// Granting it needs an explicit confirmation (R-ID-48).
    pub sensitive: bool,
    /// Roles that hold it after installation, besides the top role.
    pub default_roles: &'static [&'static str],
}

const fn entry(
    guard: Guard,
    permission: Permission,
    grantable: Grantable,
    sensitive: bool,
    default_roles: &'static [&'static str],
) -> CatalogueEntry {
    CatalogueEntry { guard, permission, grantable, sensitive, default_roles }
}

/// The catalogue: 82 permissions of guard api, 42 of guard provider, 12 of guard patient.
#[rustfmt::skip]
pub const CATALOGUE: &[CatalogueEntry] = &{
    use Grantable::{Freely, TopByDefault, TopOnly};
    use Guard::{Api, Patient, Provider};
    use Permission as P;
    [
        entry(Api, P::ViewDashboard, Freely, false, &["admin", "aftercare_specialist", "billing_staff", "support_staff"]),
        entry(Api, P::ViewPatientOverview, Freely, false, &["admin", "aftercare_specialist", "billing_staff", "support_staff"]),
        entry(Api, P::ViewPatient, Freely, false, &["admin", "aftercare_specialist", "billing_staff", "support_staff"]),
        entry(Api, P::EditPatient, Freely, false, &["admin"]),
        entry(Api, P::DeletePatient, TopByDefault, true, &[]),
        entry(Api, P::SuspendPatient, Freely, true, &["admin"]),
        entry(Api, P::ResetPatientPassword, Freely, false, &["admin", "support_staff"]),
        entry(Api, P::ViewPatientMedical, Freely, true, &["admin", "aftercare_specialist"]),
        entry(Api, P::ViewPatientArchive, TopByDefault, true, &[]),
        entry(Api, P::ManageDeletionRequest, TopByDefault, true, &[]),
        entry(Api, P::ViewProvider, Freely, false, &["admin", "aftercare_specialist", "billing_staff", "support_staff"]),
        entry(Api, P::EditProvider, Freely, false, &["admin"]),
        entry(Api, P::OnboardProvider, Freely, false, &["admin"]),
        entry(Api, P::SuspendProvider, Freely, true, &["admin"]),
        entry(Api, P::ViewProviderTeam, Freely, false, &["admin", "support_staff"]),
        entry(Api, P::SuspendProviderUser, Freely, true, &["admin"]),
        entry(Api, P::ImpersonateProviderUser, Freely, true, &["admin"]),
        entry(Api, P::ViewAftercare, Freely, false, &["admin", "aftercare_specialist"]),
        entry(Api, P::ManageAftercare, Freely, false, &["admin", "aftercare_specialist"]),
        entry(Api, P::ChatWithPatient, Freely, false, &["admin", "aftercare_specialist"]),
        entry(Api, P::ScheduleConsultation, Freely, false, &["admin", "aftercare_specialist"]),
        entry(Api, P::ViewInquiry, Freely, false, &["admin"]),
        entry(Api, P::ViewQuote, Freely, false, &["admin"]),
        entry(Api, P::EditQuote, Freely, false, &["admin"]),
        entry(Api, P::ReassignProvider, Freely, false, &["admin"]),
        entry(Api, P::ViewReview, Freely, false, &["admin", "aftercare_specialist"]),
        entry(Api, P::ModerateReview, Freely, false, &["admin"]),
        entry(Api, P::AddReview, Freely, false, &["admin"]),
        entry(Api, P::ManageReviewCategory, Freely, false, &["admin"]),
        entry(Api, P::ViewTransaction, Freely, true, &["admin", "billing_staff"]),
        entry(Api, P::ProcessPayout, Freely, true, &["admin", "billing_staff"]),
        entry(Api, P::IssueRefund, TopByDefault, true, &[]),
        entry(Api, P::ViewFinancialReport, Freely, true, &["admin", "billing_staff"]),
        entry(Api, P::ViewPatientBilling, Freely, false, &["admin", "billing_staff"]),
        entry(Api, P::SendPaymentReminder, Freely, false, &["admin", "billing_staff"]),
        entry(Api, P::DownloadInvoice, Freely, false, &["admin", "billing_staff"]),
        entry(Api, P::ViewDiscount, Freely, false, &["admin", "billing_staff"]),
        entry(Api, P::CreateDiscount, Freely, false, &["admin"]),
        entry(Api, P::EditDiscount, Freely, false, &["admin"]),
        entry(Api, P::TrackDiscountUsage, Freely, false, &["admin", "billing_staff"]),
        entry(Api, P::ManageCampaignAdoption, Freely, false, &["admin"]),
        entry(Api, P::ViewAffiliate, Freely, false, &["admin"]),
        entry(Api, P::CreateAffiliate, Freely, false, &["admin"]),
        entry(Api, P::EditAffiliate, Freely, false, &["admin"]),
        entry(Api, P::ProcessAffiliatePayout, Freely, true, &["admin", "billing_staff"]),
        entry(Api, P::ViewAffiliatePerformance, Freely, false, &["admin"]),
        entry(Api, P::ViewAnalytics, Freely, false, &["admin", "aftercare_specialist", "billing_staff"]),
        entry(Api, P::ViewProviderAnalytics, Freely, false, &["admin"]),
        entry(Api, P::ViewFinancialAnalytics, Freely, false, &["admin", "billing_staff"]),
        entry(Api, P::ExportReport, Freely, false, &["admin", "billing_staff"]),
        entry(Api, P::ViewTreatmentOutcome, Freely, false, &["admin", "aftercare_specialist"]),
        entry(Api, P::ViewSupportCase, Freely, false, &["admin", "aftercare_specialist", "support_staff"]),
        entry(Api, P::RespondSupportCase, Freely, false, &["admin", "aftercare_specialist", "support_staff"]),
        entry(Api, P::ViewConversation, Freely, true, &["admin"]),
        entry(Api, P::FlagConversation, Freely, false, &["admin", "support_staff"]),
        entry(Api, P::ExportConversation, Freely, true, &["admin"]),
        entry(Api, P::InterveneConversation, TopByDefault, true, &[]),
        entry(Api, P::ViewUnredactedMessage, TopByDefault, true, &[]),
        entry(Api, P::ViewTravelBooking, Freely, false, &["admin", "support_staff"]),
        entry(Api, P::ManageTravelSetting, Freely, false, &["admin"]),
        entry(Api, P::ViewTravelReport, Freely, false, &["admin"]),
        entry(Api, P::ViewSetting, Freely, false, &["admin", "aftercare_specialist", "billing_staff", "support_staff"]),
        entry(Api, P::EditSetting, TopOnly, false, &[]),
        entry(Api, P::EditAuthPolicy, TopOnly, true, &[]),
        entry(Api, P::ViewSensitiveSetting, TopByDefault, true, &[]),
        entry(Api, P::ManageUser, TopOnly, true, &[]),
        entry(Api, P::ManageRole, TopOnly, true, &[]),
        entry(Api, P::ManageOauthClient, TopOnly, true, &[]),
        entry(Api, P::ManageEncryptionKey, TopOnly, true, &[]),
        entry(Api, P::ManageTerms, Freely, false, &["admin"]),
        entry(Api, P::PublishTerms, TopByDefault, true, &[]),
        entry(Api, P::ManageContent, Freely, false, &["admin"]),
        entry(Api, P::ManageAppData, Freely, false, &["admin"]),
        entry(Api, P::ManageLanguage, Freely, false, &["admin"]),
        entry(Api, P::ManageTreatmentCatalog, Freely, false, &["admin"]),
        entry(Api, P::ManageAftercareTemplate, Freely, false, &["admin"]),
        entry(Api, P::ManageNotificationTemplate, Freely, false, &["admin"]),
        entry(Api, P::ViewNotificationLog, Freely, false, &["admin", "support_staff"]),
        entry(Api, P::ConfigurePaymentSetting, TopByDefault, true, &[]),
        entry(Api, P::ManageHelpCentre, Freely, false, &["admin", "support_staff"]),
        entry(Api, P::ViewAuditLog, Freely, true, &["admin"]),
        entry(Api, P::ExportAuditLog, TopByDefault, true, &[]),
        entry(Provider, P::ViewInquiry, Freely, false, &["provider_manager"]),
        entry(Provider, P::CreateQuote, Freely, false, &["provider_manager"]),
        entry(Provider, P::EditQuote, Freely, false, &["provider_manager"]),
        entry(Provider, P::ManageQuoteAcceptance, Freely, false, &["provider_manager"]),
        entry(Provider, P::ViewQuote, Freely, false, &["provider_manager", "provider_billing"]),
        entry(Provider, P::ViewPatient, Freely, false, &["provider_manager", "provider_clinical", "provider_billing"]),
        entry(Provider, P::ViewPatientMedical, Freely, false, &["provider_manager", "provider_clinical"]),
        entry(Provider, P::ViewPassport, Freely, true, &["provider_manager"]),
        entry(Provider, P::MessagePatient, Freely, false, &["provider_manager", "provider_clinical"]),
        entry(Provider, P::ViewAppointment, Freely, false, &["provider_manager", "provider_clinical"]),
        entry(Provider, P::CreateAppointment, Freely, false, &["provider_manager", "provider_clinical"]),
        entry(Provider, P::EditAppointment, Freely, false, &["provider_manager"]),
        entry(Provider, P::CancelAppointment, Freely, false, &["provider_manager"]),
        entry(Provider, P::ViewCalendar, Freely, false, &["provider_manager", "provider_clinical"]),
        entry(Provider, P::ViewTreatmentCase, Freely, false, &["provider_manager", "provider_clinical"]),
        entry(Provider, P::DocumentTreatment, Freely, false, &["provider_manager", "provider_clinical"]),
        entry(Provider, P::UpdateTreatmentStatus, Freely, false, &["provider_manager", "provider_clinical"]),
        entry(Provider, P::ViewTreatmentHistory, Freely, false, &["provider_manager", "provider_clinical"]),
        entry(Provider, P::ViewAftercare, Freely, false, &["provider_manager", "provider_clinical"]),
        entry(Provider, P::ManageAftercarePlan, Freely, false, &["provider_manager", "provider_clinical"]),
        entry(Provider, P::ChatWithPatient, Freely, false, &["provider_manager", "provider_clinical"]),
        entry(Provider, P::ScheduleConsultation, Freely, false, &["provider_manager", "provider_clinical"]),
        entry(Provider, P::ViewProgressReport, Freely, false, &["provider_manager", "provider_clinical"]),
        entry(Provider, P::ViewFinancialDashboard, Freely, false, &["provider_manager", "provider_billing"]),
        entry(Provider, P::ViewPayout, Freely, false, &["provider_billing"]),
        entry(Provider, P::ViewFinancialReport, Freely, false, &["provider_manager", "provider_billing"]),
        entry(Provider, P::ManageBankDetail, TopOnly, true, &[]),
        entry(Provider, P::ViewProviderAnalytics, Freely, false, &["provider_manager"]),
        entry(Provider, P::ExportReport, Freely, false, &["provider_manager", "provider_billing"]),
        entry(Provider, P::ViewTeam, Freely, false, &["provider_manager"]),
        entry(Provider, P::InviteTeamMember, Freely, false, &["provider_manager"]),
        entry(Provider, P::EditTeamRole, Freely, false, &["provider_manager"]),
        entry(Provider, P::ViewTeamActivity, Freely, false, &["provider_manager"]),
        entry(Provider, P::RemoveTeamMember, TopByDefault, true, &[]),
        entry(Provider, P::ViewProfile, Freely, false, &["provider_manager", "provider_clinical", "provider_billing"]),
        entry(Provider, P::EditProfile, Freely, false, &["provider_manager"]),
        entry(Provider, P::ManageTreatmentOffering, Freely, false, &["provider_manager"]),
        entry(Provider, P::ManagePromotion, Freely, false, &["provider_manager"]),
        entry(Provider, P::RespondReview, Freely, false, &["provider_manager"]),
        entry(Provider, P::ViewSetting, Freely, false, &["provider_manager"]),
        entry(Provider, P::EditSetting, TopOnly, false, &[]),
        entry(Provider, P::RequestProviderDeletion, TopOnly, false, &[]),
        entry(Patient, P::CreateInquiry, Freely, false, &["patient"]),
        entry(Patient, P::CancelInquiry, Freely, false, &["patient"]),
        entry(Patient, P::ViewQuote, Freely, false, &["patient"]),
        entry(Patient, P::AcceptQuote, Freely, false, &["patient"]),
        entry(Patient, P::MakePayment, Freely, false, &["patient"]),
        entry(Patient, P::CancelBooking, Freely, false, &["patient"]),
        entry(Patient, P::SubmitTravelDetail, Freely, false, &["patient"]),
        entry(Patient, P::MessageProvider, Freely, false, &["patient"]),
        entry(Patient, P::LogAftercare, Freely, false, &["patient"]),
        entry(Patient, P::WriteReview, Freely, false, &["patient"]),
        entry(Patient, P::EditProfile, Freely, false, &["patient"]),
        entry(Patient, P::RequestAccountDeletion, Freely, false, &["patient"]),
    ]
};

/// A role that exists after installation.
#[derive(Clone, Copy, Debug)]
pub struct SystemRole {
    /// Its guard.
    pub guard: Guard,
    /// Its immutable name.
    pub name: &'static str,
    /// The name people read.
    pub label: &'static str,
    /// Holds everything of its guard and cannot be edited (R-ID-47).
    pub is_top: bool,
}

/// The roles of every installation.
pub const SYSTEM_ROLES: &[SystemRole] = &[
    SystemRole { guard: Guard::Api, name: "super_admin", label: "Super admin", is_top: true },
    SystemRole { guard: Guard::Api, name: "admin", label: "Admin", is_top: false },
    SystemRole { guard: Guard::Api, name: "aftercare_specialist", label: "Aftercare specialist", is_top: false },
    SystemRole { guard: Guard::Api, name: "billing_staff", label: "Billing staff", is_top: false },
    SystemRole { guard: Guard::Api, name: "support_staff", label: "Support staff", is_top: false },
    SystemRole { guard: Guard::Provider, name: "provider_owner", label: "Owner", is_top: true },
    SystemRole { guard: Guard::Provider, name: "provider_manager", label: "Manager", is_top: false },
    SystemRole { guard: Guard::Provider, name: "provider_clinical", label: "Clinical staff", is_top: false },
    SystemRole { guard: Guard::Provider, name: "provider_billing", label: "Billing staff", is_top: false },
    SystemRole { guard: Guard::Patient, name: "patient", label: "Patient", is_top: false },
    SystemRole { guard: Guard::Affiliate, name: "affiliate", label: "Affiliate", is_top: false },
];

/// The permissions a system role holds after installation.
pub fn defaults_of(role: &SystemRole) -> impl Iterator<Item = Permission> {
    let role = *role;
    CATALOGUE
        .iter()
        .filter(move |entry| entry.guard == role.guard && (role.is_top || entry.default_roles.contains(&role.name)))
        .map(|entry| entry.permission)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held_by(name: &str) -> usize {
        defaults_of(SYSTEM_ROLES.iter().find(|role| role.name == name).unwrap()).count()
    }

    #[test]
    fn the_catalogue_has_the_agreed_counts() {
        for (guard, count) in [(Guard::Api, 82), (Guard::Provider, 42), (Guard::Patient, 12)] {
            assert_eq!(CATALOGUE.iter().filter(|entry| entry.guard == guard).count(), count, "{guard:?}");
        }
        for (role, count) in [
            ("super_admin", 82),
            ("admin", 66),
            ("aftercare_specialist", 15),
            ("billing_staff", 17),
            ("support_staff", 13),
            ("provider_owner", 42),
            ("provider_manager", 37),
            ("provider_clinical", 16),
            ("provider_billing", 7),
            ("patient", 12),
            ("affiliate", 0),
        ] {
            assert_eq!(held_by(role), count, "{role}");
        }
    }

    #[test]
    fn names_parse_back() {
        for permission in Permission::ALL {
            assert_eq!(permission.name().parse(), Ok(*permission));
        }
        assert!("view_everything".parse::<Permission>().is_err());
    }
}
