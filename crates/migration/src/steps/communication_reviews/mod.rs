//! Conversations, notifications, reviews, published content.

mod m2026_01_10_000010_create_conversations_table;
mod m2026_01_10_000020_create_messages_table;
mod m2026_01_10_000030_create_reviews_table;
mod m2026_01_10_000040_create_provider_preferences_table;
mod m2026_01_10_000050_create_alerts_notifications_table;
mod m2026_01_10_000060_create_notification_preferences_table;
mod m2026_01_10_000070_create_information_table;
mod m2026_01_10_000080_create_terms_and_conditions_table;
mod m2026_01_10_000090_create_notification_deliveries_table;
mod m2026_01_10_000100_create_notification_rules_table;
mod m2026_01_10_000110_create_message_moderation_table;
mod m2026_01_10_000120_create_conversation_flags_table;
mod m2026_01_10_000130_create_conversation_interventions_table;
mod m2026_01_10_000140_create_moderation_terms_table;
mod m2026_01_10_000150_create_review_responses_table;
mod m2026_01_10_000160_create_review_takedown_requests_table;
mod m2026_01_10_000170_create_legal_acceptances_table;
mod m2026_01_10_000180_create_device_tokens_table;
mod m2026_01_10_000190_create_languages_table;
mod m2026_01_10_000200_create_patient_resources_table;

use crate::steps::Area;

/// The area.
pub const AREA: Area = Area {
    name: "communication_reviews",
    title: "Communication and reviews",
    about: "Conversations, notifications, reviews, published content.",
    steps: &[
        m2026_01_10_000010_create_conversations_table::STEP,
        m2026_01_10_000020_create_messages_table::STEP,
        m2026_01_10_000030_create_reviews_table::STEP,
        m2026_01_10_000040_create_provider_preferences_table::STEP,
        m2026_01_10_000050_create_alerts_notifications_table::STEP,
        m2026_01_10_000060_create_notification_preferences_table::STEP,
        m2026_01_10_000070_create_information_table::STEP,
        m2026_01_10_000080_create_terms_and_conditions_table::STEP,
        m2026_01_10_000090_create_notification_deliveries_table::STEP,
        m2026_01_10_000100_create_notification_rules_table::STEP,
        m2026_01_10_000110_create_message_moderation_table::STEP,
        m2026_01_10_000120_create_conversation_flags_table::STEP,
        m2026_01_10_000130_create_conversation_interventions_table::STEP,
        m2026_01_10_000140_create_moderation_terms_table::STEP,
        m2026_01_10_000150_create_review_responses_table::STEP,
        m2026_01_10_000160_create_review_takedown_requests_table::STEP,
        m2026_01_10_000170_create_legal_acceptances_table::STEP,
        m2026_01_10_000180_create_device_tokens_table::STEP,
        m2026_01_10_000190_create_languages_table::STEP,
        m2026_01_10_000200_create_patient_resources_table::STEP,
    ],
};
