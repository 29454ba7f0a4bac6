/** The most liked summaries of the issue before, as an issue's directive `::most-liked{count=3}` asks for them. */
export interface MostLiked {
  /** Best first; as many as there are, and as the directive may ask for. */
  summaries: readonly LikedSummary[];
}

export interface LikedSummary {
  title: string;
  /** Of the summary's own page. */
  url: string;
  likes: number;
}

/** Entries that a directive may ask for. */
export const mostLikedEntries = 10;
