//! The columns this wing reads of a table that lies above it: which aftercare plans may be chosen.
//!
//! Deliberate: completion must refuse a plan that is not offered (R-TT-30), while the plan itself is made by the
//! aftercare wing from the event.

pub mod aftercare_milestone_templates {
    //! A few columns of `aftercare_milestone_templates`.

    use kernel::ids::AftercareMilestoneTemplateId;
    use sea_orm::entity::prelude::*;

    /// A template's id, state, and what people choose it by.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "aftercare_milestone_templates")]
    pub struct Model {
        /// The template.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: AftercareMilestoneTemplateId,
        /// Its name.
        pub template_name: String,
        /// How long it guides.
        pub duration_months: i32,
        /// `active` or `inactive`.
        pub status: String,
    }

    /// Points to nothing here.
    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
