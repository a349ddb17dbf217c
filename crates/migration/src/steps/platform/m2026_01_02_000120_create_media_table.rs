//! Creates `media`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_02_000120_create_media_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("media", |t| {
        t.purpose("Pictures and videos of any record, with their checks; the bytes are a files row.");
        t.id();
        t.string("mediable_type", 255).note("Inquiry, InquiryDraft, Quote, Treatment, Package, TreatmentExecution");
        t.uuid("mediable_id");
        t.uuid("file_id").references("files", "id");
        t.string("media_type", 16).default("image").one_of(&["image", "video"]);
        t.string("collection", 32).one_of(&[
            "head_scan",
            "evidence",
            "treatment_image",
            "treatment_video",
            "package_image",
            "quote_case",
            "quote_markup",
            "head_scan_before",
            "head_scan_after",
            "treatment_photo",
        ]);
        t.string("phase", 10)
            .nullable()
            .one_of(&["before", "during", "after"])
            .note("collections of a treatment execution");
        t.string("view", 10)
            .nullable()
            .one_of(&["front", "top", "left", "right", "back"])
            .note("required for head scans");
        t.uuid("set_id").nullable().note("groups one standard set of five views");
        t.string("active_key", 120).nullable().note("{set_id}:{view} on the current picture of a set, else NULL");
        t.string("thumbnail_path", 255).nullable();
        t.integer("width").nullable();
        t.integer("height").nullable();
        t.integer("duration_seconds").nullable();
        t.string("validation_status", 32).default("pending").one_of(&["pending", "valid", "rejected"]);
        t.json("validation_errors").nullable();
        t.integer("quality_score").nullable().note("0-100");
        t.timestamp("captured_at").nullable().note("as declared by the client");
        t.integer("order_index").default_number("0");
        t.string("uploaded_by_type", 50).one_of(&["Patient", "ProviderUser", "User"]);
        t.uuid("uploaded_by_id");
        t.timestamp("archived_at").nullable().note("replaced or removed, kept for audit");
        t.string("archived_by_type", 50).nullable();
        t.uuid("archived_by_id").nullable();
        t.string("archive_reason", 500).nullable();
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["file_id"]);
        t.unique(&["active_key"]);
        t.index(&["mediable_type", "mediable_id", "collection"]);
        t.index(&["set_id"]);
        t.check("quality_score IS NULL OR quality_score BETWEEN 0 AND 100");
        t.no_delete();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("media");
}
