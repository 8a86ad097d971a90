import { Injectable } from '@nestjs/common';
import { type Activity, ActivityRepository } from './persistence/activity.repository';

export type { Activity } from './persistence/activity.repository';

/** What goes on in this installation, in numbers that say nothing about anybody. */
@Injectable()
export class ConversationActivity {
  constructor(private readonly activity: ActivityRepository) {}

  /** Two cheap queries; whoever asks often keeps the answer for some seconds. */
  async now(): Promise<Activity> {
    return this.activity.now();
  }
}
