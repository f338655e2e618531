CREATE TABLE `oncall_sources` (
	`team` text PRIMARY KEY NOT NULL,
	`answered_at` integer,
	`failing_since` integer,
	`problem` text
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `pagerduty_people` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`email` text,
	`at` integer NOT NULL
) STRICT, WITHOUT ROWID;
