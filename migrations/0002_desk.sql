CREATE TABLE `desk_facts` (
	`team` text NOT NULL,
	`seq` integer NOT NULL,
	`at` integer NOT NULL,
	`cause` text NOT NULL,
	`fact` text NOT NULL,
	PRIMARY KEY(`team`, `seq`),
	FOREIGN KEY (`team`) REFERENCES `desks`(`team`) ON UPDATE no action ON DELETE no action
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `desks` (
	`team` text PRIMARY KEY NOT NULL,
	`state` text NOT NULL,
	`due_at` integer
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `desks_due` ON `desks` (`due_at`) WHERE due_at is not null;--> statement-breakpoint
CREATE TABLE `__new_outbox` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`key` text NOT NULL,
	`ref` text NOT NULL,
	`incident` integer,
	`desk` text,
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
	FOREIGN KEY (`incident`) REFERENCES `incidents`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`desk`) REFERENCES `desks`(`team`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "outbox_owner" CHECK((incident is null) <> (desk is null))
) STRICT;
--> statement-breakpoint
INSERT INTO `__new_outbox`("id", "key", "ref", "incident", "desk", "effect", "lane", "queue", "coalesce", "state", "attempts", "not_before", "created_at", "sent_at", "settled_at", "reconcile", "error") SELECT "id", "key", "ref", "incident", NULL, "effect", "lane", "queue", "coalesce", "state", "attempts", "not_before", "created_at", "sent_at", "settled_at", "reconcile", "error" FROM `outbox`;--> statement-breakpoint
DELETE FROM `sqlite_sequence` WHERE `name` = '__new_outbox';--> statement-breakpoint
INSERT INTO `sqlite_sequence` (`name`, `seq`) SELECT '__new_outbox', `seq` FROM `sqlite_sequence` WHERE `name` = 'outbox';--> statement-breakpoint
DROP TABLE `outbox`;--> statement-breakpoint
ALTER TABLE `__new_outbox` RENAME TO `outbox`;--> statement-breakpoint
CREATE UNIQUE INDEX `outbox_key_unique` ON `outbox` (`key`);--> statement-breakpoint
CREATE INDEX `outbox_ready` ON `outbox` (`lane`,`not_before`) WHERE state in ('pending', 'unknown');--> statement-breakpoint
CREATE INDEX `outbox_queue` ON `outbox` (`queue`,`lane`,`id`) WHERE state in ('pending', 'sending', 'unknown');--> statement-breakpoint
CREATE UNIQUE INDEX `outbox_coalesce` ON `outbox` (`coalesce`) WHERE state = 'pending';--> statement-breakpoint
CREATE INDEX `outbox_failed` ON `outbox` (`state`) WHERE state in ('dead', 'parked');