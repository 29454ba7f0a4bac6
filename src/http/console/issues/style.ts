/** Style of the issues' list and pages. */
export const issuesStyle = '';
