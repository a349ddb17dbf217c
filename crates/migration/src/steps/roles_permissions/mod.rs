//! Roles, permissions and their assignments as Spatie keeps them.

mod m2026_01_04_000010_create_roles_table;
mod m2026_01_04_000020_create_permissions_table;
mod m2026_01_04_000030_create_model_has_roles_table;
mod m2026_01_04_000040_create_role_has_permissions_table;
mod m2026_01_04_000050_create_model_has_permissions_table;
mod m2026_01_04_000060_create_role_assignments_table;
mod m2026_01_04_000070_create_admin_invitations_table;

use crate::steps::Area;

/// The area.
pub const AREA: Area = Area {
    name: "roles_permissions",
    title: "Roles and permissions",
    about: "Roles, permissions and their assignments as Spatie keeps them.",
    steps: &[
        m2026_01_04_000010_create_roles_table::STEP,
        m2026_01_04_000020_create_permissions_table::STEP,
        m2026_01_04_000030_create_model_has_roles_table::STEP,
        m2026_01_04_000040_create_role_has_permissions_table::STEP,
        m2026_01_04_000050_create_model_has_permissions_table::STEP,
        m2026_01_04_000060_create_role_assignments_table::STEP,
        m2026_01_04_000070_create_admin_invitations_table::STEP,
    ],
};
