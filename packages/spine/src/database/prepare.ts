// Run by path after an install, so that the first start of a fresh data directory copies a cluster instead of making one.
import { makeTemplate, templateDir } from './cluster-template.ts';

makeTemplate(templateDir());
