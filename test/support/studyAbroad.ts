const costs = { min: 1, max: 2, currency: "GBP" };

/** What a worker of that product writes into a report. */
export const writtenReport = {
  executive_summary: ["a", "b", "c", "d", "e"],
  study_options: {},
  estimated_costs: { tuition: costs, living: costs },
  visa_overview: "",
  post_study_work: "",
  job_prospects: "",
  fallback_jobs: "",
  risks: "",
  action_plan: { "30_day": [], "60_day": [], "90_day": [] },
};
