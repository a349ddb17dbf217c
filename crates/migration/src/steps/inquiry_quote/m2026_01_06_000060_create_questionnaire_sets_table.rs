//! Creates `questionnaire_sets`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_06_000060_create_questionnaire_sets_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("questionnaire_sets", |t| {
        t.purpose("Versioned catalogue of the questionnaires patients fill in.");
        t.id();
        t.string("set_code", 64);
        t.integer("version").default_number("1");
        t.string("name", 100);
        t.string("context_type", 32).one_of(&["inquiry", "aftercare", "multi"]);
        t.string("category", 100).nullable().note("required to publish");
        t.text("description").nullable();
        t.json("tags").nullable();
        t.json("questions").note("[{id,text,help,type,detail_prompt,severity,order,active,labels}]");
        t.string("status", 32).default("draft").one_of(&["draft", "active", "archived"]);
        t.boolean("is_active_for_inquiry").default_bool(false);
        t.integer("lock_version").default_number("0").note("optimistic lock of a draft");
        t.uuid("created_by").nullable().references("users", "id").set_null();
        t.timestamp("published_at").nullable();
        t.uuid("published_by").nullable().references("users", "id").set_null();
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["set_code", "version"]);
        t.unique(&["is_active_for_inquiry"]).when("is_active_for_inquiry = true");
        t.unique(&["set_code"]).when("status = 'active'");
        t.index(&["status", "context_type"]);
    });
}

fn down(schema: &mut Schema) {
    schema.drop("questionnaire_sets");
}
