//! Creates `packages`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_06_000020_create_packages_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("packages", |t| {
        t.purpose("Optional add-ons a clinic offers with its treatments.");
        t.id();
        t.uuid("provider_id").references("providers", "id");
        t.string("package_name", 255).note("unique per clinic without regard to case");
        t.decimal("package_price", 10, 2);
        t.string("currency", 255);
        t.text("package_description").nullable();
        t.string("package_category", 255).one_of(&[
            "hotel",
            "transport",
            "flight",
            "medication",
            "prp_therapy",
            "consultation",
            "custom",
        ]);
        t.string("status", 255).default("active").one_of(&["active", "inactive"]);
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.string("duration", 50).nullable();
        t.text("terms").nullable().note("at most 1000 characters");
        t.integer("version").default_number("1");
        t.timestamp("deleted_at").nullable();
        t.unique(&["provider_id", "package_name"]).when("deleted_at IS NULL");
        t.index(&["provider_id"]);
        t.index(&["package_category"]);
        t.index(&["status"]);
        t.check("package_price > 0");
    });
}

fn down(schema: &mut Schema) {
    schema.drop("packages");
}
