//! Creates `notification_preferences`.

use crate::blueprint::Schema;
use crate::steps::Step;

/// The step.
pub const STEP: Step = Step { name: "2026_01_10_000060_create_notification_preferences_table", up, down };

fn up(schema: &mut Schema) {
    schema.create("notification_preferences", |t| {
        t.purpose("Channel switches, quiet hours and display preferences of one account.");
        t.id();
        t.string("owner_type", 255).one_of(&["Patient", "ProviderUser", "User", "Affiliate"]);
        t.uuid("owner_id");
        t.boolean("email_enabled").default_bool(true);
        t.boolean("push_enabled").default_bool(true);
        t.boolean("sms_enabled").default_bool(false).note("reserved");
        t.boolean("marketing_enabled").default_bool(false).note("needs a marketing consent");
        t.json("category_overrides").nullable().note("admins: {category:{email,in_app}}");
        t.boolean("quiet_hours_enabled").default_bool(true);
        t.time("quiet_start").default("22:00:00");
        t.time("quiet_end").default("07:00:00");
        t.string("timezone", 255).nullable().note("IANA name");
        t.string("locale", 10).nullable().note("languages.code, logical");
        t.char("region", 2).nullable();
        t.char("display_currency", 3).nullable();
        t.timestamp("created_at").use_current();
        t.timestamp("updated_at").use_current();
        t.unique(&["owner_type", "owner_id"]);
        t.check("quiet_start <> quiet_end");
    });
}

fn down(schema: &mut Schema) {
    schema.drop("notification_preferences");
}
