//! Creates `aftercare_workflows`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_09_000210_create_aftercare_workflows_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("aftercare_workflows", |t| {
        t.purpose("Work item on a case or request: setup, escalation, plan change, reassignment and so on.");
        t.id();
        t.uuid("after_care_id").nullable().references("after_cares", "id");
        t.uuid("standalone_request_id").nullable().references("standalone_aftercare_requests", "id");
        t.uuid("quote_id").nullable().references("quotes", "id").note("setup before a case exists");
        t.string("workflow_type", 50).one_of(&[
            "setup",
            "escalation",
            "plan_change",
            "extension",
            "reassignment",
            "withdrawal",
            "consultation",
            "info_request",
            "waiver",
            "correction",
        ]);
        t.string("status", 30).default("open").one_of(&["open", "acknowledged", "resolved", "rejected", "cancelled"]);
        t.string("priority", 20).default("normal").one_of(&["normal", "high", "urgent"]);
        t.string("reason_code", 100)
            .note("clinical, overdue_tasks, paperwork_only, platform_team, provider_withdrew...");
        t.text("summary").nullable().encrypted("TEXT").note("<= 500");
        t.string("trigger_source", 20).one_of(&["system", "patient", "provider", "admin"]);
        t.string("opened_by_type", 50).nullable().one_of(&["Patient", "ProviderUser", "User", "System"]);
        t.uuid("opened_by_id").nullable();
        t.string("assigned_to_type", 50).nullable().one_of(&["ProviderUser", "User"]);
        t.uuid("assigned_to_id").nullable();
        t.small_integer("level").default_number("1").note("escalation level 1..3");
        t.timestamp("due_at").nullable();
        t.timestamp("acknowledged_at").nullable();
        t.timestamp("resolved_at").nullable();
        t.string("outcome", 100).nullable();
        t.text("outcome_note").nullable().encrypted("TEXT");
        t.uuid("source_response_id").nullable().references("aftercare_questionnaire_responses", "id");
        t.json("payload").nullable().note("requested change");
        t.string("open_key", 150).nullable().note("e.g. clinical:<case>; NULL when closed; stops duplicates");
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["open_key"]);
        t.index(&["after_care_id", "status"]);
        t.index(&["assigned_to_id", "status"]);
        t.index(&["workflow_type", "status", "due_at"]);
        t.index(&["standalone_request_id"]);
        t.check("after_care_id IS NOT NULL OR standalone_request_id IS NOT NULL OR quote_id IS NOT NULL");
        t.check("level BETWEEN 1 AND 3");
        t.no_delete();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("aftercare_workflows");
}
