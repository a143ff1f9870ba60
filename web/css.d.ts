/** Style sheets are imported for their effect; vite puts them into the page's part. */
declare module '*.css'
