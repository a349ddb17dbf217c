//! Creates `files`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_02_000010_create_files_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("files", |t| {
        t.purpose("Stored objects of any record: documents, attachments and originals of media.");
        t.id();
        t.uuid("fileable_id");
        t.string("fileable_type", 255);
        t.string("file_path", 255).note("unguessable storage key, never sent to a client");
        t.string("file_name", 255);
        t.string("file_type", 255);
        t.integer("file_size");
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.char("checksum_sha256", 64).nullable();
        t.string("scan_status", 16)
            .default("pending")
            .one_of(&["pending", "clean", "infected"])
            .note("malware check; served only when clean");
        t.string("uploaded_by_type", 50).nullable().one_of(&["Patient", "ProviderUser", "User", "Affiliate", "System"]);
        t.uuid("uploaded_by_id").nullable();
        t.timestamp("deleted_at").nullable();
        t.index(&["fileable_id"]);
        t.index(&["fileable_type"]);
        t.index(&["fileable_type", "fileable_id"]);
        t.index(&["scan_status"]);
        t.check("file_size >= 0");
        t.no_delete();
    });
}

fn down(schema: &mut Schema) {
    schema.drop("files");
}
