CREATE TABLE `title_words` (
	`word` text NOT NULL,
	`incident` integer NOT NULL,
	`size` integer NOT NULL,
	PRIMARY KEY(`word`, `incident`),
	FOREIGN KEY (`incident`) REFERENCES `incidents`(`id`) ON UPDATE no action ON DELETE no action
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `title_words_incident` ON `title_words` (`incident`);--> statement-breakpoint
ALTER TABLE `incidents` ADD `holder` text;--> statement-breakpoint
UPDATE `incidents` SET `holder` = json_extract(`state`, '$.acknowledged.by.user') WHERE `is_open` = 1;--> statement-breakpoint
CREATE INDEX `incidents_held` ON `incidents` (`holder`,`severity`) WHERE is_open = 1 and holder is not null;--> statement-breakpoint
CREATE INDEX `incidents_of_service` ON `incidents` (`service`,`severity`,id desc) WHERE is_open = 1 and visibility = 'channel';
