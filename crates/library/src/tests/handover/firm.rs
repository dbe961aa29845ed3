//! What the firm's own work and marketing start.

use super::check_links;

#[test]
fn every_link_from_practice_management_is_there() {
    check_links(
        "practice_management",
        &[
            ("business_planning_meeting", &["marketing_planning_meeting"]),
            ("compliance_manual_update", &["form_adv_update"]),
            (
                "equipment_maintenance",
                &["technology_maintenance", "new_equipment"],
            ),
            (
                "form_adv_update",
                &["client_communications", "compliance_manual_update"],
            ),
            ("new_equipment", &["new_technology"]),
            (
                "periodic_business_review",
                &[
                    "new_hire_process",
                    "new_technology",
                    "periodic_workflow_review",
                    "periodic_marketing_review",
                    "business_planning_meeting",
                ],
            ),
            (
                "periodic_education_requirements_review",
                &["form_adv_update"],
            ),
            (
                "periodic_lead_generation_review",
                &["client_referral", "coi_referral"],
            ),
            ("periodic_marketing_review", &["marketing_planning_meeting"]),
            ("periodic_revenue_reconciliation", &["fee_management"]),
            ("periodic_social_media_review", &["form_adv_update"]),
            ("periodic_workflow_review", &["compliance_manual_update"]),
            (
                "technology_maintenance",
                &["new_technology", "new_technology", "equipment_maintenance"],
            ),
        ],
    );
}

#[test]
fn every_link_from_marketing_is_there() {
    check_links(
        "marketing",
        &[
            ("client_referral", &["introduction"]),
            (
                "coi_referral",
                &["form_adv_update", "form_adv_update", "introduction"],
            ),
            (
                "event_planning",
                &["introduction", "periodic_contact", "event_planning"],
            ),
            ("social_media_content", &["introduction"]),
            (
                "webinar_planning",
                &["introduction", "planning_services_meeting"],
            ),
        ],
    );
}
