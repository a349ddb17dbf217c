//! Creates `patient_resources`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_10_000200_create_patient_resources_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("patient_resources", |t| {
        t.purpose("Guides for patients (patient_id NULL) and the material one patient received and viewed (patient_id set).");
        t.id();
        t.uuid("patient_id").nullable().references("patients", "id").note("NULL = library item for every patient");
        t.string("title", 200);
        t.string("description", 1000).nullable();
        t.string("resource_type", 30).one_of(&["article", "video", "pdf", "image", "link", "document"]);
        t.string("category", 100);
        t.string("locale", 10).default("en");
        t.text("body").nullable().note("sanitised Markdown");
        t.uuid("file_id").nullable().references("files", "id");
        t.string("external_url", 500).nullable().note("https only");
        t.string("thumbnail", 255).nullable();
        t.integer("sort_order").default_number("0");
        t.string("status", 20).default("draft").one_of(&["draft", "published", "archived"]);
        t.timestamp("published_at").nullable();
        t.uuid("treatment_id").nullable().references("treatments", "id").set_null().note("library: show for this treatment");
        t.uuid("milestone_definition_id").nullable().references("aftercare_milestone_definitions", "id").set_null().note("library: show in this milestone");
        t.uuid("aftercare_resource_id").nullable().references("aftercare_resources", "id").note("delivered: item of the aftercare library");
        t.uuid("after_care_id").nullable().references("after_cares", "id");
        t.uuid("aftercare_milestone_id").nullable().references("aftercare_milestones", "id");
        t.string("source", 20).default("admin").one_of(&["template", "provider", "admin"]);
        t.date("visible_from").nullable().note("delivered: usually the milestone start");
        t.timestamp("first_viewed_at").nullable();
        t.timestamp("completed_at").nullable();
        t.integer("view_count").default_number("0");
        t.string("created_by_type", 50).default("User").one_of(&["User", "ProviderUser", "System"]);
        t.uuid("created_by_id").nullable();
        t.timestamp("deleted_at").nullable();
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["patient_id", "aftercare_resource_id", "aftercare_milestone_id"]).when("aftercare_milestone_id IS NOT NULL");
        t.unique(&["patient_id", "aftercare_resource_id"]).when("aftercare_milestone_id IS NULL");
        t.index(&["status", "locale", "category", "sort_order"]);
        t.index(&["patient_id", "visible_from"]);
        t.index(&["after_care_id"]);
        t.check("(CASE WHEN body IS NULL THEN 0 ELSE 1 END) + (CASE WHEN file_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN external_url IS NULL THEN 0 ELSE 1 END) + (CASE WHEN aftercare_resource_id IS NULL THEN 0 ELSE 1 END) = 1");
        t.check("patient_id IS NOT NULL OR (aftercare_resource_id IS NULL AND after_care_id IS NULL AND aftercare_milestone_id IS NULL)");
        t.no_delete();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("patient_resources");
}
