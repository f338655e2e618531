CREATE TABLE `incidents` (
	`id` integer PRIMARY KEY NOT NULL,
	`state` text NOT NULL,
	`status` text NOT NULL,
	`severity` integer NOT NULL,
	`is_open` integer NOT NULL,
	`service` text,
	`declared_at` integer NOT NULL,
	`by_machine` integer NOT NULL,
	`visibility` text NOT NULL,
	`storm_of` integer,
	`due_at` integer
) STRICT;
--> statement-breakpoint
CREATE INDEX `incidents_due` ON `incidents` (`due_at`) WHERE due_at is not null;--> statement-breakpoint
CREATE INDEX `incidents_open` ON `incidents` (`is_open`,`severity`);--> statement-breakpoint
CREATE INDEX `incidents_service` ON `incidents` (`service`,`is_open`);--> statement-breakpoint
CREATE INDEX `incidents_storm` ON `incidents` (`storm_of`) WHERE storm_of is not null;--> statement-breakpoint
CREATE INDEX `incidents_machine` ON `incidents` (`by_machine`,`declared_at`);--> statement-breakpoint
CREATE TABLE `links` (
	`kind` text NOT NULL,
	`external_id` text NOT NULL,
	`incident` integer NOT NULL,
	PRIMARY KEY(`kind`, `external_id`),
	FOREIGN KEY (`incident`) REFERENCES `incidents`(`id`) ON UPDATE no action ON DELETE no action
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `meta` (
	`key` text PRIMARY KEY NOT NULL,
	`value` text NOT NULL
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `outbox` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`key` text NOT NULL,
	`ref` text NOT NULL,
	`incident` integer NOT NULL,
	`effect` text NOT NULL,
	`lane` integer NOT NULL,
	`queue` text,
	`coalesce` text,
	`state` text NOT NULL,
	`attempts` integer NOT NULL,
	`not_before` integer NOT NULL,
	`created_at` integer NOT NULL,
	`sent_at` integer,
	`settled_at` integer,
	`reconcile` integer DEFAULT 0 NOT NULL,
	`error` text,
	FOREIGN KEY (`incident`) REFERENCES `incidents`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `outbox_key_unique` ON `outbox` (`key`);--> statement-breakpoint
CREATE INDEX `outbox_ready` ON `outbox` (`lane`,`not_before`) WHERE state in ('pending', 'unknown');--> statement-breakpoint
CREATE INDEX `outbox_queue` ON `outbox` (`queue`,`lane`,`id`) WHERE state in ('pending', 'sending', 'unknown');--> statement-breakpoint
CREATE UNIQUE INDEX `outbox_coalesce` ON `outbox` (`coalesce`) WHERE state = 'pending';--> statement-breakpoint
CREATE INDEX `outbox_failed` ON `outbox` (`state`) WHERE state in ('dead', 'parked');--> statement-breakpoint
CREATE TABLE `people` (
	`user` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`time_zone` text,
	`dm` text,
	`is_member` integer NOT NULL,
	`at` integer NOT NULL
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `quarantine` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`at` integer NOT NULL,
	`source` text NOT NULL,
	`reason` text NOT NULL,
	`body` blob NOT NULL,
	`digest` text NOT NULL
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `quarantine_digest_unique` ON `quarantine` (`digest`);--> statement-breakpoint
CREATE TABLE `seen` (
	`cause` text PRIMARY KEY NOT NULL,
	`incident` integer NOT NULL,
	`at` integer NOT NULL
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `timeline` (
	`incident` integer NOT NULL,
	`seq` integer NOT NULL,
	`at` integer NOT NULL,
	`happened_at` integer NOT NULL,
	`cause` text NOT NULL,
	`fact` text NOT NULL,
	PRIMARY KEY(`incident`, `seq`),
	FOREIGN KEY (`incident`) REFERENCES `incidents`(`id`) ON UPDATE no action ON DELETE no action
) STRICT, WITHOUT ROWID;
